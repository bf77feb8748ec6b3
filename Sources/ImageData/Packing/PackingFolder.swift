import Foundation
import RunRecords

/// The folder that a data set is packed in, beside the one that it becomes when it is whole.
struct PackingFolder {
  /// Where files are written.
  let path: String
  private let target: String
  private let lock: FolderLock

  /// Makes the folder, or takes the one that a killed process has left.
  ///
  /// - Parameter source: of the photographs, which are not packed into themselves.
  /// - Throws: ``DataError`` with code `badFolder` or `inUse`; `FileError`.
  init(for target: String, of source: String) throws {
    var target = target
    while target.count > 1, target.hasSuffix("/") { target.removeLast() }
    guard !target.isEmpty else {
      throw DataError(.badFolder, "''", "is no name of a folder", fix: "name one with --into")
    }
    self.target = target
    path = target + ".partial"
    try Self.refuseExisting(target)
    try Self.refuse(target, inside: source)
    do throws(SystemFault) {
      try makeFolder(path)
    } catch {
      throw FileError(errno: error.number, path: path, operation: "make the folder")
    }
    guard let lock = try FolderLock(path) else {
      throw DataError(
        .inUse, path, "another process packs images into this folder",
        fix: "wait until it is done, or give another name with --into")
    }
    self.lock = lock
    try empty()
  }

  /// Gives the folder its name, and returns that.
  func finish() throws(FileError) -> String {
    try move(path, to: target)
    try syncFolder(of: target)
    return target
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  private static func refuseExisting(_ target: String) throws(DataError) {
    guard exists(target) else { return }
    throw DataError(
      .badFolder, target, "is in the way: there is something of that name",
      fix: "remove it, or give another name with --into")
  }

  /// Packed images would be a class of the next packing.
  private static func refuse(_ target: String, inside source: String) throws(DataError) {
    let parents = sequence(first: absolutePath(target)) { $0 == "/" ? nil : parentFolder(of: $0) }
    let own = status(of: source)
    guard parents.contains(where: { own != nil && status(of: $0) == own }) else { return }
    throw DataError(
      .badFolder, target, "lies in the folder of the photographs",
      fix: "give a name beside it with --into")
  }

  /// What tells a folder from all others, whatever it is called.
  private static func status(of path: String) -> [UInt]? {
    var found = stat()
    return stat(path, &found) == 0 ? [UInt(found.st_dev), UInt(found.st_ino)] : nil
  }

  /// Removes what is left of an earlier packing, and nothing else.
  private func empty() throws(DataError) {
    let ours = PackedImages.allFileNames.flatMap { [$0, $0 + ".partial"] }
    let names = try DataFolders.names(in: path, fix: "check its permissions")
    if let name = names.first(where: { !ours.contains($0) }) {
      throw DataError(
        .badFolder, path, "is in the way: it holds \(printable(name))",
        fix: "remove or rename it, or give another name with --into")
    }
    for name in names { unlink(path + "/" + name) }
  }
}
