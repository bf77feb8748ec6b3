import Foundation

/// A file open for writing, which every call reports on; closed when its owner lets go of it.
public struct OutputFile: ~Copyable, Sendable {
  private let path: String
  private let files: any FileSystem
  private var descriptor: Int32

  /// Opens `path`, and names `shownPath` in errors.
  ///
  /// - Throws: ``FileError``, as do all the others here.
  package init(
    opening path: String, flags: Int32, shownPath: String? = nil,
    on files: any FileSystem = SystemFiles()
  ) throws(FileError) {
    let shownPath = shownPath ?? path
    descriptor = try attempt("write", shownPath) { () throws(SystemFault) in
      try files.open(path, flags: flags | O_WRONLY)
    }
    self.path = shownPath
    self.files = files
  }

  deinit {
    if descriptor >= 0 { try? files.close(descriptor) }
  }

  /// Writes all of `bytes`, in as many pieces as the system wants.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = try perform { () throws(SystemFault) in try files.write(descriptor, piece) }
      rest = rest.dropFirst(count)
    }
  }

  /// Writes the memory of `values` as it is, in this machine's byte order.
  public mutating func write<Value: BitwiseCopyable>(_ values: [Value]) throws(FileError) {
    try values.withUnsafeBufferPointer { values throws(FileError) in
      try write(UnsafeRawBufferPointer(values))
    }
  }

  /// Has the system put what was written where a power failure cannot reach it.
  package mutating func sync() throws(FileError) {
    try perform { () throws(SystemFault) in try files.sync(descriptor) }
  }

  /// Closes the file and says whether that went well, which `deinit` cannot.
  package mutating func close() throws(FileError) {
    let file = descriptor
    descriptor = -1
    try perform { () throws(SystemFault) in try files.close(file) }
  }

  /// The number of bytes in the file.
  func size() throws(FileError) -> Int {
    try perform { () throws(SystemFault) in try files.status(of: descriptor).size }
  }

  /// Cuts the file to `size` bytes.
  mutating func truncate(to size: Int) throws(FileError) {
    try perform { () throws(SystemFault) in try files.truncate(descriptor, to: size) }
  }

  private func perform<Result>(
    _ call: () throws(SystemFault) -> Result
  ) throws(FileError) -> Result {
    try attempt("write", path, call)
  }
}

/// Makes a call whose failure is said with what it was for.
func attempt<Result>(
  _ operation: String, _ path: String, _ call: () throws(SystemFault) -> Result
) throws(FileError) -> Result {
  do throws(SystemFault) {
    return try call()
  } catch {
    throw FileError(errno: error.number, path: path, operation: operation)
  }
}
