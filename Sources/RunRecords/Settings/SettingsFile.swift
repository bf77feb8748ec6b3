import Foundation
import Yams

/// A YAML file of settings as it stands: names, values as text, and the lines that they are on.
///
/// YAML's versions differ in what `010`, `1e-3` or `no` are; here they are what stands there, and
/// whoever asked for a number reads it as one. Aliases are not followed, and nothing is executed.
public struct SettingsFile: Sendable, Equatable {
  /// What stands behind a name.
  public enum Value: Sendable, Equatable {
    case text(String)
    case list([String])
    /// null, or nothing at all.
    case nothing
    /// Names and values again, or a list in a list.
    case nested

    /// As it is written on a command line.
    public var text: String {
      switch self {
      case .text(let text): text
      case .list(let items): items.joined(separator: ",")
      case .nothing, .nested: ""
      }
    }
  }

  public struct Entry: Sendable, Equatable {
    public let name: String
    public let value: Value
    /// Counted from 1.
    public let line: Int
    /// What is behind the name where that is names and values again.
    public var children: [Entry] = []
  }

  /// A file above this is none of settings.
  public static let largestBytes = 100_000

  public let path: String
  /// In the order of the file.
  public let entries: [Entry]

  /// Reads a file of settings, or those in a run's `run.yaml`, whose versions and machine are left.
  ///
  /// - Throws: ``FileError`` with code `invalid`, naming the line, for what is not names and
  ///   values in YAML and UTF-8; others as any file that cannot be read.
  public init(reading path: String) throws(FileError) {
    let file = try InputFile(opening: path)
    guard file.size <= Self.largestBytes else {
      throw Self.invalid(
        path, "it has \(file.size) bytes, and a file of settings at most \(Self.largestBytes)",
        fix: "name a file of settings")
    }
    let bytes = try file.read(file.size, of: UInt8.self, at: 0)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Self.invalid(path, "it is not UTF-8", fix: "save it as UTF-8")
    }
    try Self.refuseAliases(in: text, of: path)
    try self.init(parsing: text, path: path)
  }

  init(parsing text: String, path: String) throws(FileError) {
    self.path = path
    guard let root = try Self.root(of: text, path: path) else {
      throw Self.invalid(
        path, "it holds no settings", fix: "write some into it, each as a line 'name: value'")
    }
    entries = try Self.entries(Self.settings(in: root, of: path), of: path)
  }

  private static func entries(
    _ pairs: [(Node, Node)], of path: String
  ) throws(FileError) -> [Entry] {
    try pairs.map { key, value throws(FileError) in
      let line = key.mark?.line ?? 0
      guard let name = key.scalar?.string else {
        throw invalid(path, "line \(line): a name is needed before the ':'")
      }
      let below = value.mapping.map { $0.map { ($0.key, $0.value) } } ?? []
      return Entry(
        name: name, value: Value(value), line: line, children: try entries(below, of: path))
    }
  }
}

extension SettingsFile {
  private static func root(of text: String, path: String) throws(FileError) -> Node? {
    do {
      // Editors of another system put a mark before the text, which the parser takes for a name.
      return try Parser(yaml: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
        .singleRoot()
    } catch {
      throw invalid(path, (error as? YamlError).map(yamlReason) ?? "\(error)")
    }
  }

  private static func settings(
    in root: Node, of path: String
  ) throws(FileError) -> [(Node, Node)] {
    guard case .mapping(let names) = root else {
      throw invalid(path, "it does not consist of names and values")
    }
    guard names["adabatch"] != nil, let settings = names["settings"] else {
      return names.map { ($0.key, $0.value) }
    }
    guard case .mapping(let names) = settings else {
      throw invalid(path, "its settings do not consist of names and values")
    }
    return names.map { ($0.key, $0.value) }
  }

  /// An alias can stand for billions of values in a few lines, so that even comparing names would
  /// not end: what has any is not parsed at all.
  private static func refuseAliases(in text: String, of path: String) throws(FileError) {
    let words = text.split { $0.isWhitespace || "[]{},:\"'".contains($0) }.filter { $0.count > 1 }
    let anchors = Set(words.filter { $0.first == "&" }.map { $0.dropFirst() })
    let alias = words.first { $0.first == "*" && anchors.contains($0.dropFirst()) }
    guard let alias else { return }
    throw invalid(
      path, "it uses the alias '\(printable(String(alias)))', and aliases are not followed",
      fix: "write the value out in each place")
  }

  private static func invalid(
    _ path: String, _ reason: String,
    fix: String = "correct it; each setting is a line 'name: value'"
  ) -> FileError {
    FileError(code: .invalid, path: path, operation: "use", reason: reason, fix: fix)
  }
}

extension SettingsFile.Value {
  fileprivate init(_ node: Node) {
    switch node {
    case .scalar(let scalar): self = scalar.isNothing ? .nothing : .text(scalar.string)
    case .sequence(let sequence):
      let items = sequence.compactMap(\.scalar?.string)
      self = items.count < sequence.count ? .nested : items.isEmpty ? .nothing : .list(items)
    case .mapping, .alias: self = .nested
    }
  }
}

extension Node.Scalar {
  fileprivate var isNothing: Bool {
    string.isEmpty || style == .plain && ["~", "null", "Null", "NULL"].contains(string)
  }
}
