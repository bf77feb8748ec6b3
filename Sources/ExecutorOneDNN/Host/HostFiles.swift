import Foundation

/// The files in which Linux tells about itself, `/proc` and `/sys`.
package struct HostFiles: Sendable {
  private let root: String

  /// - Parameter root: folder that has them, for tests that make up a machine.
  package init(root: String = "") { self.root = root }

  /// The text of a file; nil where there is none, or nobody lets us read it.
  package func text(_ path: String) -> String? {
    try? String(contentsOfFile: root + path, encoding: .utf8)
  }

  /// The whole number that a file consists of; nil for anything else, such as `max`.
  func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// What follows `key:` on the line of a file that it begins.
  func value(of key: String, in path: String) -> Substring? {
    let line = text(path)?.split(separator: "\n").first { $0.hasPrefix(key + ":") }
    return line?.dropFirst(key.count + 1).drop { $0.isWhitespace }
  }
}
