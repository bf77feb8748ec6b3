extension Safetensors {
  /// The longest header that the reference reader takes.
  private static let longestHeader = 100_000_000

  /// Reads a file of this program's or of PyTorch's tools, and refuses what is not wholly valid.
  ///
  /// F32 and I64 come as they are; F64, F16 and BF16 become `Float`. The header is checked against
  /// the format and the file's size before any number is read. What no check can see is a changed
  /// number: the format has no checksum.
  ///
  /// - Throws: ``FileError`` with code `invalid`, naming the tensor, where the file is damaged or
  ///   something else; `missing` or another of the system's.
  public static func read(from path: String) throws(FileError) -> Safetensors {
    try read(from: path, on: SystemFiles())
  }

  static func read(
    from path: String, on files: any FileSystem
  ) throws(FileError) -> Safetensors {
    let file = try InputFile(opening: path, on: files)
    let header = try header(of: file)
    let start = file.size - header.dataBytes
    var tensors: [SafetensorsTensor] = []
    for entry in header.entries {
      let values = try values(of: entry, in: file, from: start + entry.range.lowerBound)
      tensors.append(SafetensorsTensor(name: entry.name, shape: entry.shape, values: values))
    }
    return Safetensors(tensors, metadata: header.metadata)
  }

  /// Names and shapes of a file's tensors, without reading their numbers; throws as
  /// ``read(from:)``.
  public static func shapes(
    in path: String
  ) throws(FileError) -> [(name: String, shape: [Int])] {
    let file = try InputFile(opening: path)
    return try header(of: file).entries.map { ($0.name, $0.shape) }
  }

  private static func header(of file: borrowing InputFile) throws(FileError) -> SafetensorsHeader {
    guard file.size >= 8 else {
      throw invalid(file.path, "it has \(file.size) bytes, and the length of its header needs 8")
    }
    let length = try file.read(1, of: UInt64.self, at: 0)[0].littleEndian
    guard length <= longestHeader, length <= file.size - 8 else {
      throw try notAHeader(file, length: length)
    }
    let json = try file.read(Int(length), of: UInt8.self, at: 8)
    do throws(JSONScanner.Fault) {
      return try SafetensorsHeader(json, dataBytes: file.size - 8 - Int(length))
    } catch {
      let place = error.byte.map { " (byte \($0) of the header)" } ?? ""
      throw invalid(file.path, error.problem + place)
    }
  }

  private static func values(
    of entry: SafetensorsHeader.Entry, in file: borrowing InputFile, from offset: Int
  ) throws(FileError) -> SafetensorsTensor.Values {
    switch entry.type {
    case .int64: .int64(try file.read(entry.count, at: offset))
    case .float32: .float32(try file.read(entry.count, at: offset))
    case .float64:
      .float32(try file.read(entry.count, of: Double.self, at: offset).map { Float($0) })
    case .float16:
      .float32(try file.read(entry.count, of: Float16.self, at: offset).map { Float($0) })
    case .bfloat16:
      // The upper half of a Float.
      .float32(
        try file.read(entry.count, of: UInt16.self, at: offset).map {
          Float(bitPattern: UInt32($0) << 16)
        })
    }
  }

  /// What to say of a file whose first bytes are no length, as those of a pickle or a zip file.
  private static func notAHeader(
    _ file: borrowing InputFile, length: UInt64
  ) throws(FileError) -> FileError {
    let start = try file.read(8, of: UInt8.self, at: 0)
    guard start.starts(with: "PK".utf8) || start[0] == 0x80 else {
      return invalid(
        file.path, "its header would have \(length) bytes, and \(file.size - 8) follow")
    }
    return FileError(
      code: .invalid, path: file.path, operation: "read",
      reason: "it is what torch.save writes, which may hold code",
      fix: "write the weights with safetensors.torch.save_file(model.state_dict(), …)")
  }

  private static func invalid(_ path: String, _ reason: String) -> FileError {
    FileError(
      code: .invalid, path: path, operation: "read", reason: reason,
      fix: "name a safetensors file, or restore this one from a copy")
  }
}
