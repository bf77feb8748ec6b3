import AdaBatch
import ArgumentParser

/// Where a run is kept, and how it is gone on with after an interruption.
struct CheckpointArguments: ParsableArguments {
  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "Directory of the run (default: runs/DATASET-NETWORK-POLICY-seedSEED).", valueName: "dir"))
  var directory: String?

  @Flag(help: "Go on with the run in --run; what is not given is as it was.")
  var resume = false

  @Flag(help: "Start over, in a directory with a number behind its name where that is taken.")
  var fresh = false

  @Flag(help: "Go on although settings or images are not those that the run was begun with.")
  var allowChanges = false

  @Option(
    help: ArgumentHelp(
      "Minutes of training after which a checkpoint is written within an epoch; 0 for none.",
      valueName: "x"))
  var checkpointMinutes = 10.0

  @Option(help: ArgumentHelp("Newest checkpoints that stay.", valueName: "n"))
  var keep = 2

  /// - Throws: ``TrainingError`` for numbers that cannot be meant, and words that contradict.
  func rule() throws(TrainingError) -> CheckpointRule {
    try Checked.range("--keep", keep, 1...1_000_000)
    guard checkpointMinutes >= 0, checkpointMinutes.isFinite else {
      throw TrainingError(
        .impossibleSetting,
        problem: "--checkpoint-minutes is \(checkpointMinutes), but needs to be 0 or more",
        fix: "give minutes, or 0 for checkpoints at the ends of epochs only")
    }
    guard !(resume && fresh) else {
      throw TrainingError(
        .impossibleSetting, problem: "--resume goes on with a run, and --fresh starts over",
        fix: "leave one of them out")
    }
    return CheckpointRule(
      secondsBetween: checkpointMinutes == 0 ? nil : 60 * checkpointMinutes, kept: keep)
  }

  /// The directory's path; with --fresh one that holds no run yet.
  func path(of settings: TrainingSettings) -> String {
    let path =
      directory
      ?? Self.path(
        TrainingSettings.shortName(of: settings.dataset, in: settings.data), settings.network,
        settings.policy, seed: settings.seed)
    guard fresh else { return path }
    let numbered = [path] + (2...9999).map { "\(path)-\($0)" }
    return numbered.first { !RunDirectory.holdsRun(at: $0) } ?? path
  }

  /// Where a run is unless something else is said.
  static func path(_ dataset: String, _ network: String, _ policy: String, seed: UInt64) -> String {
    "runs/" + [dataset, network, policy, "seed\(seed)"].joined(separator: "-")
  }
}
