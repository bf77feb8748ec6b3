import Foundation

/// Where data are looked for when the user names no folder.
public enum DataFolders {
  /// Returns the folders in the order in which they are looked into.
  ///
  /// `ADABATCH_DATA` if it is set and not empty, then `~/.cache/adabatch/data`.
  public static func searched(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
    let home = environment["HOME"] ?? NSHomeDirectory()
    let named = environment["ADABATCH_DATA"].map { $0.isEmpty ? [] : [$0] } ?? []
    return named + [home + "/.cache/adabatch/data"]
  }

  /// Returns the names in a folder.
  ///
  /// - Throws: ``DataError`` with code `missingFile`, `wrongKind` or `unreadable`.
  static func names(in folder: String, fix: String) throws(DataError) -> Set<String> {
    // FileManager hides why it fails; opendir says so.
    guard let stream = opendir(folder) else { throw .system(folder, errno, fix: fix) }
    closedir(stream)
    return Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
  }
}
