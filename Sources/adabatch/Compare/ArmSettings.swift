import AdaBatch
import ArgumentParser

/// From an arm's words to the settings of a training, as `train` makes them of its options.
struct ArmSettings {
  /// As train would read them, for one seed.
  private let command: TrainCommand
  private let arm: Experiment.Arm
  /// Behind `train`.
  let words: [String]

  /// - Throws: the parser's errors, for words that a file's checks do not see.
  init(_ arm: Experiment.Arm, seed: UInt64) throws {
    self.arm = arm
    let own = arm.settings.sorted { $0.key < $1.key }.flatMap { name, value in
      let setting = GivenSetting(value: value, origin: .commandLine)
      return SettingNames.ofTrain[name].map(setting.words) ?? ["--\(name)=\(value)"]
    }
    words = own + ["--seed=\(seed)"]
    command = try TrainCommand.parse(words)
  }

  /// How checkpoints are written, where the arm has words on that.
  var checkpoints: CheckpointArguments { command.checkpoints }

  /// As it was when it was first asked for: all runs of an experiment go by one number.
  private static let freeMemory = MemoryLimits().available

  /// The settings, of a run that may have been begun.
  ///
  /// - Parameter path: of the run, whose threads and precision are taken where none are said.
  /// - Throws: `TrainingError` for options that would do nothing.
  func settings(at path: String) throws -> TrainingSettings {
    let past = try? RunDirectory(opening: path).newestSettings().settings
    let share = arm.ranks == 1 ? nil : max(1, (AvailableCores()?.physicalCount ?? 1) / arm.ranks)
    let computing = command.training.computing
    // Results of a precision that this CPU lacks can be looked at, so no executor is made.
    let choice = try computing.choice(threads: past?.threads ?? share, like: past)
    let settings = try command.training.settings(choice, ranks: arm.ranks)
    guard command.training.hasMemoryBudget || past?.memoryBudget != nil else { return settings }
    return try command.training.fitted(
      settings, like: past, ranks: arm.ranks, free: Self.freeMemory.map { $0 / arm.ranks },
      executor: Engine(choice, computing.devices).executor(for: "a memory budget"))
  }
}
