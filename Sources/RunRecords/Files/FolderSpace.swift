import Foundation

/// Whether something could be written into a folder, which need not be there yet, and how much.
public struct FolderSpace: Sendable, Equatable {
  /// The folder itself, or the nearest one above it that is there.
  public let existing: String
  public let isWritable: Bool
  /// What is free on its disk for this user; nil where the system does not say.
  public let freeBytes: Int?

  /// Looks without changing anything.
  public init(of path: String) {
    var folder = path.isEmpty ? "." : path
    while !exists(folder), parentFolder(of: folder) != folder { folder = parentFolder(of: folder) }
    existing = folder
    isWritable = isFolder(folder) && access(folder, W_OK | X_OK) == 0
    var disk = statvfs()
    freeBytes = statvfs(folder, &disk) == 0 ? Int(disk.f_bavail) * Int(disk.f_frsize) : nil
  }
}
