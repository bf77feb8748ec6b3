import CImages

/// Reads PNG files with the system's libpng; what is transparent has its colour all the same.
struct PNGDecoder: Sendable {
  private let begin: PNG_BeginReadFromMemory
  private let finish: PNG_FinishRead
  private let free: PNG_Free

  init() throws(DataError) {
    let library = try SharedLibrary("libpng16.so.16", package: "libpng16-16")
    begin = try library.function(
      "png_image_begin_read_from_memory", as: PNG_BeginReadFromMemory.self)
    finish = try library.function("png_image_finish_read", as: PNG_FinishRead.self)
    free = try library.function("png_image_free", as: PNG_Free.self)
  }

  static func recognises(_ file: UnsafeRawBufferPointer) -> Bool {
    file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  func decode(_ file: UnsafeRawBufferPointer) throws(ImageFault) -> Photograph {
    // libpng keeps the address from call to call.
    let image = UnsafeMutablePointer<PNG_Image>.allocate(capacity: 1)
    image.initialize(to: PNG_Image())
    defer { image.deallocate() }
    image.pointee.version = UInt32(PNG_Version)
    guard begin(image, file.baseAddress, file.count) != 0 else {
      throw Self.fault(image.pointee)
    }
    defer { free(image) }
    let (width, height) = (Int(image.pointee.width), Int(image.pointee.height))
    try Photograph.checkSize(width: width, height: height)
    image.pointee.format = UInt32(PNG_RGBA)
    image.pointee.flags |= UInt32(PNG_16BitsAs8)
    var pixels = [UInt8](repeating: 0, count: 4 * width * height)
    guard finish(image, nil, &pixels, 0, nil) != 0 else { throw Self.fault(image.pointee) }
    return Photograph(width: width, height: height, pixels: Self.colours(of: pixels))
  }

  /// Three of four bytes of each pixel.
  private static func colours(of pixels: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: pixels.count / 4 * 3) { colours, count in
      count = pixels.count / 4 * 3
      for pixel in 0..<pixels.count / 4 {
        for colour in 0..<3 { colours[3 * pixel + colour] = pixels[4 * pixel + colour] }
      }
    }
  }

  private static func fault(_ image: PNG_Image) -> ImageFault {
    ImageFault(
      withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
  }
}
