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
  /// Where the images lie is left out: ``DataFingerprint`` tells whether they are the same. So is the
  /// memory that a micro-batch was chosen for: the micro-batch is what counts.
  public func changes(to other: TrainingSettings) throws -> [Change] {
    let (before, after) = (try texts(), try other.texts())
    let names = Set(before.keys).union(after.keys).subtracting(["data", "memory-budget"])
    return names.sorted().compactMap { name in
      let (old, new) = (before[name] ?? "none", after[name] ?? "none")
      return old == new ? nil : Change(name: name, before: old, after: new)
    }
  }

  /// Each setting that there is as text, by its name.
  package func texts() throws -> [String: String] {
    let texts = Dictionary(uniqueKeysWithValues: try entries().map { ($0.name, $0.value.text) })
    // What there was before there was a choice.
    return texts.merging(["precision": "f32", "device": "cpu", "devices": "1"]) { known, _ in known
    }
  }
}
