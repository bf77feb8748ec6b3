import Foundation

/// A folder that one process at a time works on; free again with the value that stands for it, and
/// with the process, however that ends.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes a folder that is there; nil where another process has it.
  ///
  /// A file system without locks gives it to anybody: two processes at once are the user's care
  /// there.
  ///
  /// - Throws: ``FileError`` for a folder that cannot be opened.
  package init?(_ path: String) throws(FileError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(errno: errno, path: path, operation: "open") }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return nil }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}

extension RunDirectory {
  /// Keeps other processes from writing into the directory, for as long as the lock lives.
  ///
  /// - Throws: ``RunDirectoryError`` with code `inUse`, or `notWritable` where it cannot be opened.
  public func lock() throws(RunDirectoryError) -> FolderLock {
    let lock: FolderLock?
    do throws(FileError) {
      lock = try FolderLock(path)
    } catch {
      throw RunDirectoryError(
        code: .notWritable, path: path, problem: "cannot be opened: \(error.reason)",
        fix: error.fix)
    }
    if let lock { return lock }
    throw RunDirectoryError(
      code: .inUse, path: path, problem: "is in use: another adabatch trains in it",
      fix: "wait until it is done, or start another run with --fresh")
  }
}
