import AdaBatch
import ArgumentParser
import Foundation

extension SettingLayer {
  /// What a file of settings gives, each value one that the command line would take too.
  ///
  /// - Throws: ``FileError`` with code `invalid` that names the line.
  init(readingFrom path: String) throws(FileError) {
    self = [:]
    for entry in try SettingsFile(reading: path).entries {
      try Self.check(entry, of: path)
      self[entry.name] = GivenSetting(
        value: entry.value.text, origin: .file(path, line: entry.line))
    }
  }

  /// - Throws: ``FileError`` for a name that is none, or a value that the command line would refuse.
  static func check(_ entry: SettingsFile.Entry, of path: String) throws(FileError) {
    let names = SettingNames.ofTrain
    func fault(_ reason: String, fix: String) -> FileError {
      FileError(
        code: .invalid, path: path, operation: "use", reason: "line \(entry.line): \(reason)",
        fix: fix)
    }
    if let (problem, fix) = names.fault(in: entry.name) { throw fault(problem, fix: fix) }
    if let problem = names.problem(of: entry) {
      throw fault(problem, fix: "correct it, or leave the line out for the default")
    }
  }

  /// What the environment gives: `ADABATCH_LEARNING_RATE=0.1` and so on; empty is not set.
  ///
  /// - Throws: ``TrainingError`` that names the variable.
  init(environment: [String: String]) throws(TrainingError) {
    self = [:]
    for variable in SettingVariable.all(in: environment) {
      if let fault = variable.fault { throw fault }
      self[variable.setting] = GivenSetting(
        value: variable.value, origin: .variable(variable.name))
    }
  }

  /// What the run says that is to be gone on with; nothing where the command line is at fault,
  /// which the parser says.
  ///
  /// - Throws: ``RunDirectoryError`` where there is no run, ``FileError`` for one that is damaged.
  init(resuming layers: SettingLayer, _ own: [String]) throws {
    self = [:]
    let words = SettingLayers.words(of: layers, for: TrainCommand.self) + own
    guard let command = try? TrainCommand.parse(words) else { return }
    let training = command.training
    let path =
      command.checkpoints.directory
      ?? CheckpointArguments.path(
        TrainingSettings.shortName(of: training.data.dataset, in: training.data.data),
        training.data.network, training.policy.policy, seed: training.optimizer.seed)
    let run = try RunDirectory(opening: path)
    let (settings, record) = try run.newestSettings()
    let device = training.computing.devices.device
    for entry in try settings.entries()
    where settings.isFor(device) || !Self.ofDevice.contains(entry.name) {
      self[entry.name] = GivenSetting(value: entry.value.text, origin: .run(record))
    }
  }
}

extension TrainingSettings {
  /// Whether they are of a run on that device; where none is named, it is theirs.
  fileprivate func isFor(_ device: DeviceName?) -> Bool {
    device.map { $0.recorded == self.device } ?? true
  }
}

extension SettingLayer {
  /// What is said of one kind of device, and means nothing to another.
  private static let ofDevice: Set = ["device", "devices", "memory-budget", "precision", "threads"]

  /// What a replay takes over: all that is not about who decides.
  private static let repeated: Set = [
    "dataset", "data", "network", "classes", "epochs", "batch-size", "test-batch", "learning-rate",
    "momentum", "weight-decay", "micro-batch", "drop-last", "seed", "threads", "precision",
    "device",
    "devices",
  ]

  /// What a run says whose decisions are to be repeated.
  ///
  /// - Throws: ``RunDirectoryError`` where there is no run, ``FileError`` for one that is damaged.
  init(replaying path: String, on device: DeviceName?) throws {
    let directory = try RunDirectory(opening: path)
    let record = directory.file(RunDirectory.settingsFile)
    self = ["policy": GivenSetting(value: "replay", origin: .run(record))]
    let settings = try directory.settings().settings
    for entry in try settings.entries()
    where Self.repeated.contains(entry.name)
      && (settings.isFor(device) || !Self.ofDevice.contains(entry.name))
    {
      self[entry.name] = GivenSetting(value: entry.value.text, origin: .run(record))
    }
  }
}

extension SettingNames {
  /// What is wrong with the value of an entry whose name is good.
  fileprivate func problem(of entry: SettingsFile.Entry) -> String? {
    let isList = self[entry.name]?.placeholder.contains(",") == true
    switch entry.value {
    case .nothing: return "\(entry.name) has no value"
    case .nested: return "\(entry.name) is made of several values, but needs to be one"
    case .list where !isList: return "\(entry.name) is a list, but needs to be one value"
    case .list, .text:
      let text = entry.value.text
      return needs(of: entry.name, for: text).map {
        "\(entry.name) is '\(printable(text))', but needs to be \($0)"
      }
    }
  }
}
