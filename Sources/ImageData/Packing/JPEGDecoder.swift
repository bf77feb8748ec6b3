import CImages

/// Reads JPEG files with the system's TurboJPEG.
struct JPEGDecoder: Sendable {
  private let open: TJ_InitDecompress
  private let readHeader: TJ_DecompressHeader3
  private let decompress: TJ_Decompress2
  private let message: TJ_GetErrorStr2
  private let errorCode: TJ_GetErrorCode
  private let close: TJ_Destroy

  init() throws(DataError) {
    let library = try SharedLibrary("libturbojpeg.so.0", package: "libturbojpeg0")
    open = try library.function("tjInitDecompress", as: TJ_InitDecompress.self)
    readHeader = try library.function("tjDecompressHeader3", as: TJ_DecompressHeader3.self)
    decompress = try library.function("tjDecompress2", as: TJ_Decompress2.self)
    message = try library.function("tjGetErrorStr2", as: TJ_GetErrorStr2.self)
    errorCode = try library.function("tjGetErrorCode", as: TJ_GetErrorCode.self)
    close = try library.function("tjDestroy", as: TJ_Destroy.self)
  }

  static func recognises(_ file: UnsafeRawBufferPointer) -> Bool {
    file.starts(with: [0xFF, 0xD8, 0xFF])
  }

  func decode(_ file: UnsafeRawBufferPointer) throws(ImageFault) -> Photograph {
    guard let decoder = open() else { throw ImageFault("there is no memory to read it with") }
    defer { _ = close(decoder) }
    let bytes = file.assumingMemoryBound(to: UInt8.self)
    var (width, height, subsampling, colorspace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    let isReadable =
      readHeader(
        decoder, bytes.baseAddress, UInt(bytes.count), &width, &height, &subsampling, &colorspace)
      == 0
    guard isReadable else { throw fault(decoder) }
    try Photograph.checkSize(width: Int(width), height: Int(height))
    let isPrinters = Int(colorspace) == TJ_Colorspace_CMYK || Int(colorspace) == TJ_Colorspace_YCCK
    let channels = isPrinters ? 4 : 3
    var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * channels)
    let status = decompress(
      decoder, bytes.baseAddress, UInt(bytes.count), &pixels, width, 0, height,
      Int32(isPrinters ? TJ_CMYK : TJ_RGB), Int32(TJ_LimitScans))
    if status != 0 { try checkWarning(decoder, bytes) }
    if isPrinters { pixels = Self.colours(ofInks: pixels) }
    return Photograph(width: Int(width), height: Int(height), pixels: pixels)
  }

  /// Lets odd files pass as others do, but none that is cut off: of that no error code tells.
  private func checkWarning(
    _ decoder: UnsafeMutableRawPointer, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(ImageFault) {
    guard errorCode(decoder) == Int32(TJ_Warning), Self.hasEnd(bytes) else { throw fault(decoder) }
  }

  /// Whether the end of the image follows the start of its last scan; within scans neither occurs.
  private static func hasEnd(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for place in (1..<bytes.count).reversed() where bytes[place - 1] == 0xFF {
      if bytes[place] == 0xD9 { return true }
      if bytes[place] == 0xDA { return false }
    }
    return false
  }

  private func fault(_ decoder: UnsafeMutableRawPointer) -> ImageFault {
    ImageFault(message(decoder).map { String(cString: $0) } ?? "it cannot be decoded")
  }

  /// Four inks as three colours; files have paper as 255, and ink as less.
  private static func colours(ofInks inks: [UInt8]) -> [UInt8] {
    var colours: [UInt8] = []
    colours.reserveCapacity(inks.count / 4 * 3)
    for pixel in stride(from: 0, to: inks.count, by: 4) {
      for ink in 0..<3 {
        colours.append(UInt8(Int(inks[pixel + ink]) * Int(inks[pixel + 3]) / 255))
      }
    }
    return colours
  }
}
