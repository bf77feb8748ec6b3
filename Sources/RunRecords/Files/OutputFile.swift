import Foundation

/// A file open for writing, which every call reports on; closed when its owner lets go of it.
public struct OutputFile: ~Copyable, Sendable {
  private let path: String
  private var descriptor: Int32

  /// Opens `path`, and names `shownPath` in errors.
  ///
  /// - Throws: ``FileError``, as do all the others here.
  package init(
    opening path: String, flags: Int32, shownPath: String? = nil
  ) throws(FileError) {
    self.path = shownPath ?? path
    descriptor = Int32(retrying { Int(open(path, flags | O_WRONLY | O_CLOEXEC, 0o666)) })
    try check(descriptor)
  }

  deinit {
    if descriptor >= 0 { Foundation.close(descriptor) }
  }

  /// Writes all of `bytes`, in as many pieces as the system wants.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = retrying { Foundation.write(descriptor, piece.baseAddress, piece.count) }
      try check(count)
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
    try check(retrying { Int(fsync(descriptor)) })
  }

  /// Closes the file and says whether that went well, which `deinit` cannot.
  package mutating func close() throws(FileError) {
    let status = Foundation.close(descriptor)
    descriptor = -1
    // On Linux an interrupted close has closed, and the caller has synced before.
    if status != 0, errno != EINTR { try check(status) }
  }

  /// The number of bytes in the file.
  mutating func size() throws(FileError) -> off_t {
    let size = lseek(descriptor, 0, SEEK_END)
    try check(Int(size))
    return size
  }

  /// Cuts the file to `size` bytes.
  mutating func truncate(to size: off_t) throws(FileError) {
    try check(retrying { Int(ftruncate(descriptor, size)) })
  }

  private func check(_ status: some BinaryInteger) throws(FileError) {
    guard status < 0 else { return }
    throw FileError(errno: errno, path: path, operation: "write")
  }
}

/// Calls again as long as only a signal came between: a run that is asked to stop ends its line.
package func retrying(_ call: () -> Int) -> Int {
  while true {
    let status = call()
    if status >= 0 || errno != EINTR { return status }
  }
}
