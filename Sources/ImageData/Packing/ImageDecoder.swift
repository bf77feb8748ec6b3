import RunRecords

/// Reads JPEG and PNG files, whatever their names end in.
struct ImageDecoder: Sendable {
  // Each library is needed only where there are such files.
  private let jpeg = Result { () throws(DataError) in try JPEGDecoder() }
  private let png = Result { () throws(DataError) in try PNGDecoder() }

  /// - Throws: ``DataError`` for the first library that is missing.
  func check() throws(DataError) {
    _ = try jpeg.get()
    _ = try png.get()
  }

  /// Endings of the files that are read.
  static let endings = ["jpg", "jpeg", "png"]

  /// - Throws: ``DataError`` with code `badImages` for the file, or `missingProgram`.
  func decode(_ path: String) throws(DataError) -> Photograph {
    let advice = "replace or remove it, or leave files like it out with --skip-damaged"
    let file = try FixedBytes(mapping: path, fix: advice)
    if JPEGDecoder.recognises(file.buffer) {
      return try decoded(path, advice, file, jpeg.get().decode)
    }
    if PNGDecoder.recognises(file.buffer) {
      return try decoded(path, advice, file, png.get().decode)
    }
    throw DataError(.badImages, path, "it is neither a JPEG nor a PNG file", fix: advice)
  }

  private func decoded(
    _ path: String, _ advice: String, _ file: FixedBytes,
    _ decode: (UnsafeRawBufferPointer) throws(ImageFault) -> Photograph
  ) throws(DataError) -> Photograph {
    do throws(ImageFault) {
      return try decode(file.buffer)
    } catch {
      throw DataError(.badImages, path, printable(error.reason), fix: advice)
    }
  }
}
