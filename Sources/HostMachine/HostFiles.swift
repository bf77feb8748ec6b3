import Glibc

/// The files in which Linux tells about itself, `/proc` and `/sys`.
package struct HostFiles: Sendable {
  private let root: String

  /// - Parameter root: folder that has them, for tests that make up a machine.
  package init(root: String = "") { self.root = root }

  /// The text of a file; nil where there is none, or nobody lets us read it.
  ///
  /// Read until nothing more comes: Foundation takes a short read for the end, but `/proc` gives a
  /// page at a time, so that of `/proc/stat` of a large machine half the CPUs would be missing.
  package func text(_ path: String) -> String? {
    let file = open(root + path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    while true {
      let part = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = max(0, read(file, buffer.baseAddress, buffer.count))
      }
      if part.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += part
    }
  }

  /// The whole number that a file consists of; nil for anything else, such as `max`.
  func number(_ path: String) -> Int? {
    text(path)?.split { $0.isWhitespace }.first.flatMap { Int($0) }
  }

  /// What follows `key:` on the line of a file that it begins.
  func value(of key: String, in path: String) -> Substring? {
    let line = text(path)?.split(separator: "\n").first { $0.hasPrefix(key + ":") }
    return line?.dropFirst(key.count + 1).drop { $0.isWhitespace }
  }
}
