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

  /// The names of what is inside.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

/// The text of a file.
func text(of path: String) throws -> String {
  try String(contentsOf: URL(filePath: path), encoding: .utf8)
}
