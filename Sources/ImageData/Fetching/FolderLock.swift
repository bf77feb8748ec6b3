import Foundation
import RunRecords

/// A folder that one process at a time works on; free again with the value that stands for it.
package final class FolderLock {
  private let descriptor: Int32

  /// Makes the folder at `path` where there is none, and takes it.
  ///
  /// - Throws: ``DataError`` with code `inUse` or `wrongKind`; ``FileError`` for a folder that cannot be.
  package init(_ path: String) throws {
    switch makeFolder(path) {
    case 0: break
    case ENOTDIR: throw DataError.system(path, ENOTDIR, fix: "name a folder with --data")
    case let number: throw FileError(errno: number, path: path, operation: "make the folder")
    }
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(errno: errno, path: path, operation: "open") }
    // Other failures: a file system without locks, where two processes at once are the user's care.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw DataError(
        .inUse, path, "another process fetches a data set into this folder",
        fix: "wait until it is done, or name another folder with --data")
    }
  }

  deinit { close(descriptor) }
}
