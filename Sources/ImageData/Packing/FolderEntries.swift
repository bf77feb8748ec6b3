import Foundation
import RunRecords

/// What is in a folder, in the order of the bytes of the names; what begins with a dot is not seen.
struct FolderEntries {
  private(set) var folders: [String] = []
  private(set) var others: [String] = []

  /// Links lead where they lead.
  ///
  /// - Throws: ``DataError`` for a folder that cannot be read, or a name that is no text.
  init(of folder: String, fix: String) throws(DataError) {
    guard let stream = opendir(folder) else { throw .system(folder, errno, fix: fix) }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let name else {
        throw DataError(.badImages, folder, "holds a name that is not UTF-8", fix: "rename it")
      }
      if name.hasPrefix(".") { continue }
      if isFolder(folder + "/" + name) { folders.append(name) } else { others.append(name) }
    }
    folders = Self.sorted(folders)
    others = Self.sorted(others)
  }

  /// The paths of all files in `folder` and below it.
  ///
  /// - Throws: as ``init(of:fix:)``; where folders lie in each other without end, as links can.
  static func files(below folder: String, depth: Int = 0) throws(DataError) -> [String] {
    guard depth < 32 else {
      throw DataError(
        .badImages, folder, "32 folders lie in each other here",
        fix: "remove a link that leads to a folder above it")
    }
    let entries = try FolderEntries(of: folder, fix: "check its permissions")
    var files = entries.others.map { folder + "/" + $0 }
    for name in entries.folders {
      files += try Self.files(below: folder + "/" + name, depth: depth + 1)
    }
    return files
  }

  /// Not by `String`'s own order, to which two spellings of an accent are one.
  static func sorted(_ names: [String]) -> [String] {
    names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
