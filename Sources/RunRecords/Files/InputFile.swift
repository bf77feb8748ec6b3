import Foundation

/// A file open for reading, whose size is known before anything is read.
///
/// Nothing else than a file is opened: a pipe would wait for a writer, a device may never end.
struct InputFile: ~Copyable {
  let path: String
  /// Bytes in the file when it was opened.
  let size: Int
  private let files: any FileSystem
  private let descriptor: Int32

  /// - Throws: ``FileError`` with code `missing`, `notPermitted`, `invalid` for what is no file, or
  ///   `inputOutput`.
  init(opening path: String, on files: any FileSystem = SystemFiles()) throws(FileError) {
    let descriptor = try attempt("read", path) { () throws(SystemFault) in
      try files.open(path, flags: O_RDONLY | O_NONBLOCK)
    }
    do throws(FileError) {
      size = try Self.size(of: descriptor, path, files)
    } catch {
      try? files.close(descriptor)
      throw error
    }
    self.path = path
    self.files = files
    self.descriptor = descriptor
  }

  private static func size(
    of file: Int32, _ path: String, _ files: any FileSystem
  ) throws(FileError) -> Int {
    let status = try attempt("read", path) { () throws(SystemFault) in
      try files.status(of: file)
    }
    if status.kind == .file { return status.size }
    throw FileError(
      code: .invalid, path: path, operation: "read", reason: "it is not a file",
      fix: "name a file")
  }

  deinit { try? files.close(descriptor) }

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
      let count = try attempt("read", path) { () throws(SystemFault) in
        try files.read(descriptor, into: rest, at: offset + done)
      }
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
/// - Throws: ``FileError``; see ``InputFile/init(opening:on:)``.
package func readFile(
  _ path: String, on files: any FileSystem = SystemFiles()
) throws(FileError) -> Data {
  let file = try InputFile(opening: path, on: files)
  return Data(try file.read(file.size, of: UInt8.self, at: 0))
}
