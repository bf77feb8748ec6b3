import Foundation

/// Bytes that never move or change: a file mapped read-only, or a block filled once.
///
/// Mapped files cost no copy, share the system's page cache between processes and need no memory
/// of their own. The price: a file that another program truncates meanwhile ends the process.
package final class FixedBytes: @unchecked Sendable {  // nobody writes after `init`
  package let buffer: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Maps the whole file at `path`.
  ///
  /// - Throws: ``DataError`` with code `missingFile`, `wrongKind` or `unreadable`.
  package init(mapping path: String, fix: String) throws(DataError) {
    // Without O_NONBLOCK a named pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(path, errno, fix: fix) }
    defer { close(descriptor) }
    let byteCount = try FixedBytes.size(of: descriptor, path, fix: fix)
    isMapped = byteCount > 0  // mmap refuses nothing but an empty file
    guard byteCount > 0 else {
      buffer = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else { throw .system(path, errno, fix: fix) }
    // What is larger may not fit into memory, and comes when it is read.
    if byteCount <= 1 << 30 { posix_madvise(start, byteCount, POSIX_MADV_WILLNEED) }
    buffer = UnsafeRawBufferPointer(start: start, count: byteCount)
  }

  /// Allocates `byteCount` bytes and has `fill` write all of them.
  package init<Failure>(
    count byteCount: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    do throws(Failure) {
      try fill(block)
    } catch {
      block.deallocate()
      throw error
    }
    buffer = UnsafeRawBufferPointer(block)
    isMapped = false
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
    } else {
      buffer.deallocate()
    }
  }

  private static func size(
    of descriptor: Int32, _ path: String, fix: String
  ) throws(DataError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, errno, fix: fix) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DataError(.wrongKind, path, "not a regular file", fix: fix)
    }
    return Int(status.st_size)
  }
}
