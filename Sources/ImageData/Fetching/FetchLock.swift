import Foundation
import RunRecords

extension FolderLock {
  /// Makes the folder at `path` where there is none, and takes it to fetch a data set into it.
  ///
  /// - Throws: ``DataError`` with code `inUse` or `wrongKind`; ``FileError`` for a folder that cannot be.
  package static func fetching(into path: String) throws -> FolderLock {
    do throws(SystemFault) {
      try makeFolder(path)
    } catch {
      if error.number == ENOTDIR {
        throw DataError.system(path, ENOTDIR, fix: "name a folder with --data")
      }
      throw FileError(errno: error.number, path: path, operation: "make the folder")
    }
    if let lock = try FolderLock(path) { return lock }
    throw DataError(
      .inUse, path, "another process fetches a data set into this folder",
      fix: "wait until it is done, or name another folder with --data")
  }
}
