import AdaBatch
import ArgumentParser

// --print-config: the settings as a file of settings, each with where it was given.
extension TrainCommand {
  /// Prints what a training would have, checked as far as that goes without images.
  ///
  /// - Throws: what a training would be refused for.
  func printSettings(_ layers: SettingLayers) throws {
    let choice = try training.computing.choice()
    // A processor says what it cannot do; devices are not opened for a print.
    if choice.device == .cpu { _ = try Engine(choice, training.computing.devices) }
    let count = RankJob.ranks.count
    var settings = try training.settings(choice, ranks: count)
    let past = try? RunDirectory(opening: checkpoints.path(of: settings)).newestSettings()
    settings = try training.fitted(
      settings, like: past?.settings, ranks: count,
      free: MemoryLimits().available.map { $0 / count },
      executor: Engine(choice, training.computing.devices).executor(for: "a memory budget"))
    _ = try checkpoints.rule()
    try ranks.check()
    _ = try settings.outline(ranks: count)
    let lines = try yamlLines(settings) + yamlLines(RunOptions(checkpoints, ranks))
    let width = lines.map(\.line.count).filter { $0 <= 40 }.max() ?? 0
    for (name, line) in lines {
      let origin = layers.given[name]?.origin.description ?? "default"
      let space = String(repeating: " ", count: max(0, width - line.count))
      Console.print(line + space + "  # " + printable(origin))
    }
    if checkpoints.directory == nil {
      // As a setting it would keep its name when a setting changes that it is made of.
      Console.print("# run: \(printable(checkpoints.path(of: settings)))")
    }
  }
}

/// What a run has beside what decides its bits.
private struct RunOptions: Encodable {
  let run: String?
  let keep: Int
  let checkpointMinutes: ExactNumber
  let logAllRanks: Bool
  let rankTimeout: ExactNumber

  enum CodingKeys: String, CodingKey {
    case run, keep
    case checkpointMinutes = "checkpoint-minutes"
    case logAllRanks = "log-all-ranks"
    case rankTimeout = "rank-timeout"
  }

  init(_ options: CheckpointArguments, _ ranks: RankArguments) {
    logAllRanks = ranks.logAllRanks
    rankTimeout = ExactNumber(ranks.rankTimeout)
    run = options.directory
    keep = options.keep
    checkpointMinutes = ExactNumber(options.checkpointMinutes)
  }
}
