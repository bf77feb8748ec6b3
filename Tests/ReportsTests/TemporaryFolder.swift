import Foundation

/// A folder of a test's own, which is gone when the test is.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "adabatch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A path inside.
  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// The text of a file inside.
  func text(_ name: String) throws -> String {
    try String(contentsOf: URL(filePath: self(name)), encoding: .utf8)
  }
}

/// A file that make_numbers.py made, or the script that measures pages.
func witness(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Witness/\(name)").path
}
