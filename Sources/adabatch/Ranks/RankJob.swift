import AdaBatch
import Foundation

/// The job that this process is a rank of; a process that nobody launched is alone in its own.
enum RankJob {
  // Joined before there is a second thread, and used by the first one.
  nonisolated(unsafe) private(set) static var ranks = Ranks()

  /// Commands of which the ranks are parts of one.
  private static let shared = ["train", "evaluate"]

  /// Commands that start ranks of their own, and how they are told of so many.
  private static let starting: [String: @Sendable (Int) -> String] = [
    "compare": { "adabatch compare FILE by itself, with 'ranks: \($0)' in its arms" },
    "reproduce": { "adabatch reproduce by itself; multi-rank has --ranks \($0)" },
    "launch": { "adabatch launch -n \($0) -- train … by itself" },
  ]

  /// Silences all ranks but the first, and joins them for a command that they share; where they do
  /// not, the first one does what all would.
  ///
  /// - Throws: `CommunicationError` when they cannot be joined, `TrainingError` for a command that
  ///   starts ranks itself.
  static func join(for words: [String], _ environment: [String: String]) throws {
    guard let job = JobEnvironment(environment), job.rankCount > 1 else { return }
    Console.isSilent = job.rank > 0
    guard let command = words.first else { return }
    if let way = starting[command], !words.contains("--help"), !words.contains("-h") {
      throw TrainingError(
        .impossibleSetting,
        problem: "\(command) starts ranks itself, and \(job.launcher) has started"
          + " \(job.rankCount) of it",
        fix: way(job.rankCount))
    }
    if shared.contains(command) || command == "bench" && words.contains("--link") {
      ranks = Ranks(try Job.join(environment))
      ranks.explain = { error in
        if let failure = Failure(error) { return (failure.message, failure.code) }
        return (
          AdabatchCommand.fullMessage(for: error), AdabatchCommand.exitCode(for: error).rawValue
        )
      }
    } else if job.rank > 0 {
      exit(0)
    }
  }

  /// What rank 0 makes, on all ranks; all of them have to ask for it.
  static func fromRankZero<Value: Codable>(_ make: () throws -> Value) throws -> Value {
    guard ranks.count > 1 else { return try make() }
    let own = try ranks.together { try ranks.own == 0 ? JSONEncoder().encode(make()) : Data() }
    let text = try ranks.share(String(decoding: own, as: UTF8.self))
    return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  /// Takes leave of the other ranks, or ends them where they cannot be spoken to any more.
  static func leave(after error: (any Error)? = nil) {
    guard ranks.count > 1 else { return }
    if let error = error as? CommunicationError {
      Console.alarm(
        "adabatch: rank \(ranks.own) on \(ranks.communicator.hosts[ranks.own]): \(error)")
      ranks.communicator.abort(code: Failure.otherRankFailed)
    }
    ranks.communicator.leave()
  }
}
