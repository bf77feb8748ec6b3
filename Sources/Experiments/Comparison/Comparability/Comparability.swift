import RunRecords

/// Whether arms can be compared with each other, and what has to be borne in mind where they can.
public struct Comparability: Sendable, Equatable {
  /// Something that is not the same in all arms, and need not be.
  public struct Mark: Codable, Sendable, Equatable {
    /// What it makes doubtful.
    public enum Effect: String, Codable, Sendable { case accuracy, time, both }

    /// The setting, or what else differs.
    public let name: String
    public let effect: Effect
    /// One line for people.
    public let text: String

    public init(_ name: String, _ effect: Effect, _ text: String) {
      (self.name, self.effect, self.text) = (name, effect, text)
    }
  }

  /// What keeps the arms from being compared, each in a line.
  public internal(set) var refusals: [String] = []
  public internal(set) var marks: [Mark] = []

  /// Settings without which two accuracies, or two times, are answers to different questions.
  public static let needed = [
    "dataset", "classes", "network", "epochs", "drop-last", "test-batch",
  ]

  /// By the settings of arms, before any of them is trained.
  ///
  /// - Parameter allowed: settings in which arms may differ.
  public init(_ runs: [ExperimentRun], allowing allowed: [String]) throws {
    var values: [(arm: String, texts: [String: String])] = []
    for run in runs where !values.contains(where: { $0.arm == run.arm.name }) {
      values.append((run.arm.name, try run.settings.texts()))
    }
    for name in Self.needed {
      let found = Values(values.map { ($0.arm, $0.texts[name] ?? "none") })
      guard !found.areSame else { continue }
      if allowed.contains(name) {
        marks.append(Mark(name, .both, "\(name) differs, as allowed: \(found)"))
      } else {
        refusals.append("arms differ in \(name): \(found)")
      }
    }
    mark("threads", .time, "their times are not comparable", values)
    mark("precision", .both, "numbers are rounded otherwise, and times are not comparable", values)
    mark("device", .both, "numbers are rounded otherwise, and times are not comparable", values)
    mark("devices", .both, "sums are in another order, and times are not comparable", values)
    mark("micro-batch", .both, "batch norm sees other numbers of images", values)
    let ranks = Values(runs.unique.map { ($0.arm.name, "\($0.ranks)") })
    if !ranks.areSame {
      marks.append(Mark("ranks", .time, "ranks differ: \(ranks); seconds are those of rank 0"))
    }
  }

  private mutating func mark(
    _ name: String, _ effect: Mark.Effect, _ why: String,
    _ values: [(arm: String, texts: [String: String])]
  ) {
    let found = Values(values.map { ($0.arm, $0.texts[name] ?? "none") })
    if !found.areSame { marks.append(Mark(name, effect, "\(name) differ: \(found); \(why)")) }
  }
}

extension [ExperimentRun] {
  /// The first run of each arm.
  var unique: [ExperimentRun] {
    var seen: Set<String> = []
    return filter { seen.insert($0.arm.name).inserted }
  }
}

/// What each of several things has in one place.
struct Values: CustomStringConvertible {
  private let pairs: [(name: String, value: String)]

  init(_ pairs: [(String, String)]) { self.pairs = pairs }

  var areSame: Bool { Set(pairs.map(\.value)).count <= 1 }

  /// As `smallest 1, largest 2`.
  var description: String { pairs.map { "\($0.name) \($0.value)" }.joined(separator: ", ") }
}
