import Foundation

/// A file open for reading, whose size is known before anything is read.
///
/// Nothing else than a file is opened: a pipe would wait for a writer, a device may never end.
struct InputFile: ~Copyable {
  let path: String
  /// Bytes in the file when it was opened.
  let size: Int
  private let descriptor: Int32

  /// - Throws: ``FileError`` with code `missing`, `notPermitted`, `invalid` for what is no file, or
  ///   `inputOutput`.
  init(opening path: String) throws(FileError) {
    self.path = path
    descriptor = Int32(retrying { Int(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) })
    guard descriptor >= 0 else {
      size = 0
      throw FileError(errno: errno, path: path, operation: "read")
    }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    size = Int(status.st_size)
    guard isKnown else { throw FileError(errno: errno, path: path, operation: "read") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(
        code: .invalid, path: path, operation: "read", reason: "it is not a file",
        fix: "name a file")
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Reads `count` values that begin at byte `offset`, in this machine's byte order.
  ///
  /// - Precondition: the file had that many bytes when it was opened.
  func read<Value: BitwiseCopyable>(
    _ count: Int, of type: Value.Type = Value.self, at offset: Int
  ) throws(FileError) -> [Value] {
    precondition(offset + count * MemoryLayout<Value>.stride <= size, "beyond the end of \(path)")
    var failure: FileError?
    let values = [Value](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      do throws(FileError) {
        let wanted = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
        try fill(UnsafeMutableRawBufferPointer(wanted), from: offset)
        initializedCount = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  private func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(FileError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = retrying {
        pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
      guard count >= 0 else { throw FileError(errno: errno, path: path, operation: "read") }
      guard count > 0 else {
        throw FileError(
          code: .invalid, path: path, operation: "read",
          reason: "it became shorter while it was read", fix: "try again when nobody writes to it")
      }
      done += count
    }
  }
}

/// All bytes of a file.
///
/// - Throws: ``FileError``; see ``InputFile/init(opening:)``.
func readFile(_ path: String) throws(FileError) -> Data {
  let file = try InputFile(opening: path)
  return Data(try file.read(file.size, of: UInt8.self, at: 0))
}
