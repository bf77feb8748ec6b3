import AdaBatch
import ArgumentParser
import Foundation

/// What several ranks have beside what one has.
struct RankArguments: ParsableArguments {
  @Flag(help: "Write what ranks other than the first say to rank-N.log files in the run directory.")
  var logAllRanks = false

  @Option(
    help: ArgumentHelp(
      "Seconds without a sign of life after which a rank counts as frozen, and all are ended.",
      valueName: "x"))
  var rankTimeout = 8.0

  /// - Throws: ``TrainingError`` for numbers that cannot be meant.
  func check() throws(TrainingError) {
    guard rankTimeout >= 2, rankTimeout.isFinite else {
      throw TrainingError(
        .impossibleSetting,
        problem: "--rank-timeout is \(rankTimeout), but needs to be 2 or more",
        fix: "leave it out for 8 seconds: each rank gives a sign of life twice a second")
    }
  }

  /// Starts to notice ranks that are frozen.
  func notice(_ ranks: Ranks) {
    let limit = rankTimeout
    ranks.communicator.notice(
      RankWatch(limit: limit, exitCode: Failure.otherRankFailed) { rank, host in
        Console.alarm(
          "adabatch: rank \(rank) on \(host) has given no sign of life for \(limit) s; all ranks are"
            + " ended\n  fix: look at that host; the same command goes on from the newest checkpoint"
        )
      })
  }

  /// Gives this rank, where it is not the first, a file for what it says.
  func openLog(_ ranks: Ranks, in run: String) throws {
    guard logAllRanks, ranks.own > 0 else { return }
    let path = run + "/rank-\(ranks.own).log"
    try? FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
    try Console.speak(into: path)
  }
}
