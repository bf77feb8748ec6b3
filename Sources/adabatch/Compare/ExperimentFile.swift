import AdaBatch
import Foundation

/// An experiment as a YAML file says it.
///
/// Arms have settings in the words of `train --config`; `all` is below each of them.
struct ExperimentFile {
  private static let names = [
    "name", "baseline", "subject", "seeds", "accuracies", "allow-differences", "all", "arms",
  ]

  let path: String
  let entries: [String: SettingsFile.Entry]

  /// - Throws: ``FileError`` with code `invalid` that names the line.
  init(reading path: String) throws(FileError) {
    self.path = path
    var entries: [String: SettingsFile.Entry] = [:]
    for entry in try SettingsFile(reading: path).entries {
      guard Self.names.contains(entry.name) else {
        let near = closestName(to: entry.name, among: Self.names).map { "; did you mean '\($0)'?" }
        throw Self.fault(
          path, entry, "an experiment has no '\(printable(entry.name))'" + (near ?? ""),
          fix: "name one of: \(Self.names.joined(separator: ", ")); settings go below all or arms")
      }
      entries[entry.name] = entry
    }
    self.entries = entries
  }

  /// - Parameter common: settings over those of every arm.
  /// - Throws: ``FileError`` that names the line.
  func experiment(over common: [String: String]) throws(FileError) -> Experiment {
    let all = try layer(entries["all"])
    var arms: [Experiment.Arm] = []
    for entry in try required("arms", "give two or more, each a name with settings below").children
    {
      arms.append(try arm(entry, over: all, common))
    }
    let baseline = try required("baseline", "name the arm that the others are compared with")
    let usualName = URL(filePath: path).deletingPathExtension().lastPathComponent
    let (name, subject) = (try text("name") ?? usualName, try text("subject"))
    let (seeds, accuracies, allowed) = (try seeds(), try accuracies(), try allowedDifferences())
    do throws(TrainingError) {
      return try Experiment(
        name, arms: arms, seeds: seeds, baseline: baseline.value.text, subject: subject,
        accuracies: accuracies, allowedDifferences: allowed)
    } catch {
      throw FileError(
        code: .invalid, path: path, operation: "use", reason: error.problem, fix: error.fix)
    }
  }

  private func required(
    _ name: String, _ fix: String
  ) throws(FileError) -> SettingsFile.Entry {
    if let entry = entries[name] { return entry }
    throw FileError(
      code: .invalid, path: path, operation: "use", reason: "it has no '\(name)'", fix: fix)
  }

  static func fault(
    _ path: String, _ entry: SettingsFile.Entry, _ reason: String, fix: String
  ) -> FileError {
    FileError(
      code: .invalid, path: path, operation: "use", reason: "line \(entry.line): \(reason)",
      fix: fix)
  }
}

// Arms.
extension ExperimentFile {
  private func arm(
    _ entry: SettingsFile.Entry, over all: SettingLayer, _ common: [String: String]
  ) throws(FileError) -> Experiment.Arm {
    let given = try layer(entry)
    let (own, ofAll) = (try ranks(entry), try ranks(entries["all"]))
    var settings = given.over(all).mapValues(\.value).merging(common) { $1 }
    // Images that are made up have no folder, whatever the others are read from.
    let isMadeUp = settings["dataset"].map(TrainingSettings.isMadeUp) == true
    if isMadeUp, common["data"] != nil { settings["data"] = nil }
    return Experiment.Arm(entry.name, settings, ranks: own ?? ofAll ?? 1)
  }

  /// The settings below a name.
  private func layer(_ entry: SettingsFile.Entry?) throws(FileError) -> SettingLayer {
    guard let entry else { return [:] }
    guard entry.value == .nested || entry.value == .nothing else {
      throw Self.fault(
        path, entry, "\(printable(entry.name)) is no list of settings",
        fix: "write settings below it, each as a line 'name: value', or {policy: fixed}")
    }
    var layer: SettingLayer = [:]
    for setting in entry.children where setting.name != "ranks" {
      try refuseOwnWords(setting)
      try SettingLayer.check(setting, of: path)
      layer[setting.name] = GivenSetting(
        value: setting.value.text, origin: .file(path, line: setting.line))
    }
    return layer
  }

  /// What the experiment itself says of all its runs.
  private func refuseOwnWords(_ setting: SettingsFile.Entry) throws(FileError) {
    let fixes = [
      "seed": "give seeds: [1, 2, 3] for all arms",
      "run": "give the directory of all runs with --directory",
    ]
    guard let fix = fixes[setting.name] else { return }
    throw Self.fault(
      path, setting, "'\(setting.name)' is the experiment's, and is no setting of an arm", fix: fix)
  }

  private func ranks(_ entry: SettingsFile.Entry?) throws(FileError) -> Int? {
    guard let entry = entry?.children.first(where: { $0.name == "ranks" }) else { return nil }
    if let ranks = Int(entry.value.text), 1...100_000 ~= ranks { return ranks }
    throw Self.fault(
      path, entry, "ranks is '\(printable(entry.value.text))', but needs to be a whole number",
      fix: "give how many processes share each update")
  }
}
