import Foundation

extension TrainingSettings {
  /// A setting that is another one in two runs.
  public struct Change: Sendable, Equatable, CustomStringConvertible {
    /// The setting's name, as in `run.yaml`.
    public let name: String
    public let before: String
    public let after: String

    public var description: String { "\(name): \(before) → \(after)" }
  }

  /// What is different in `other`, by name.
  ///
  /// Where the images lie is left out: ``DataFingerprint`` tells whether they are the same.
  public func changes(to other: TrainingSettings) throws -> [Change] {
    let (before, after) = (try fields(), try other.fields())
    let names = Set(before.keys).union(after.keys).subtracting(["data"])
    return names.sorted().compactMap { name in
      let (old, new) = (before[name] ?? "none", after[name] ?? "none")
      return old == new ? nil : Change(name: name, before: old, after: new)
    }
  }

  /// The values as JSON has them, by their names.
  private func fields() throws -> [String: String] {
    let object = try JSONDecoder().decode([String: JSONText].self, from: jsonLine(self))
    return object.mapValues(\.text)
  }
}

/// A value of JSON as people write it in options.
private struct JSONText: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      text = "\(number)"
    } else if let number = try? container.decode(Double.self) {
      text = "\(number)"
    } else if let flag = try? container.decode(Bool.self) {
      text = "\(flag)"
    } else if let list = try? container.decode([Int].self) {
      text = list.map(String.init).joined(separator: ",")
    } else {
      text = try container.decode(String.self)
    }
  }
}
