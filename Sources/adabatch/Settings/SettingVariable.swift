import AdaBatch
import Foundation

/// A variable of the environment that is meant for adabatch.
struct SettingVariable {
  static let prefix = "ADABATCH_"
  /// Where images are looked for: for every command, and not the option --data of one.
  static let dataFolder = "ADABATCH_DATA"
  /// For every command: where images are, and through what accelerators are reached.
  private static let places: Set = [dataFolder, PluginSearch.variable]

  let name: String
  let value: String

  /// The variables that are set and not empty, but for those that name a place.
  static func all(in environment: [String: String]) -> [SettingVariable] {
    environment.filter { $0.key.hasPrefix(prefix) && !places.contains($0.key) && !$0.value.isEmpty }
      .map { SettingVariable(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
  }

  /// The setting as a file would name it.
  var setting: String {
    name.dropFirst(Self.prefix.count).lowercased().replacingOccurrences(of: "_", with: "-")
  }

  /// Why it sets nothing, and what to do; nil for a good one.
  var fault: TrainingError? {
    let names = SettingNames.ofTrain
    guard names.settable.contains(setting), name == Self.name(of: setting) else {
      let near = names.nearest(to: setting).map { "; did you mean $\(Self.name(of: $0))?" }
      return TrainingError(
        .unknownName, problem: "$\(printable(name)) sets nothing" + (near ?? ""),
        fix: "unset it, or name an option of adabatch train, as ADABATCH_LEARNING_RATE does")
    }
    return names.needs(of: setting, for: value).map { needs in
      TrainingError(
        .impossibleSetting,
        problem: "$\(name) is '\(printable(value))', but \(setting) needs to be \(needs)",
        fix: "correct it, or unset it for the default")
    }
  }

  /// What to do about it, for who looks at all variables; nil where it does no harm.
  var advice: String? { value.isEmpty ? nil : fault.map { "\($0.fix) (\($0.problem))" } }

  private static func name(of setting: String) -> String {
    prefix + setting.uppercased().replacingOccurrences(of: "-", with: "_")
  }
}
