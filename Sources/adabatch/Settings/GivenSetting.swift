/// A setting with its value as text, and where it was given.
struct GivenSetting: Codable {
  enum Origin: Codable, Equatable, CustomStringConvertible {
    case file(String, line: Int)
    case variable(String)
    /// The record of the run that is gone on with.
    case run(String)
    case commandLine

    var description: String {
      switch self {
      case .file(let path, let line): "\(path), line \(line)"
      case .variable(let name): "$\(name)"
      case .run(let path): path
      case .commandLine: "command line"
      }
    }
  }

  let value: String
  let origin: Origin

  /// The setting on a command line; nothing for a flag that is off and cannot be said to be.
  func words(for option: SettingNames.Option) -> [String] {
    guard option.isFlag else { return ["--\(option.name)=\(value)"] }
    if value == "true" { return ["--\(option.name)"] }
    return option.hasNegative ? ["--no-\(option.name)"] : []
  }
}

/// The settings that one place gives, by their names.
typealias SettingLayer = [String: GivenSetting]

extension SettingLayer {
  /// Settings of which there is one at a time.
  private static let alternatives: [Set] = [
    ["milestones", "growth-interval"], ["batch-size", "batch-per-rank"],
  ]

  /// What belongs to the policy or the data set that it was given with, not to another one.
  private static let dependents = [
    "policy": [
      "growth-factor", "max-batch", "rate-milestones", "decay", "coupling", "min-batch",
      "cooldown", "hysteresis", "patience", "threshold", "max-interval", "replay",
    ],
    "dataset": ["data", "classes"],
  ]

  /// These settings, and the lower ones that they leave standing.
  func over(_ lower: SettingLayer) -> SettingLayer {
    var gone = Set(Self.alternatives.filter { !$0.isDisjoint(with: keys) }.joined())
    gone.formUnion(Self.dependents.filter { isOther($0.key, than: lower) }.values.joined())
    return lower.filter { !gone.contains($0.key) }.merging(self) { $1 }
  }

  private func isOther(_ name: String, than lower: SettingLayer) -> Bool {
    guard let above = self[name], let below = lower[name] else { return false }
    return above.value != below.value
  }
}
