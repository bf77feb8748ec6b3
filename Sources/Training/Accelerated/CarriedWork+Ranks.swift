import Communication
import Executors
import ImageData

// What ranks do together, whose devices train one model. On one rank there is nothing to it.
extension CarriedWork {
  /// Has all ranks come out of what may fail on one alone alike.
  func meeting(_ body: () throws -> Void) throws {
    if learner.ranks.count == 1 { return try body() }
    let result = Result(catching: body)
    // Ranks that are faster wait here for the others.
    try learner.watch.time(\.communication) { try learner.ranks.agree(on: result) }
  }

  /// Sees that all ranks have come to the same weights, by their length.
  func compare(_ own: Double) throws {
    let ranks = learner.ranks
    guard ranks.count > 1 else { return }
    // Where weights are no numbers any more, the update says so.
    var all = Array(repeating: own.isFinite ? own : .infinity, count: ranks.count)
    try ranks.gather(&all, parts: (0..<ranks.count).map { $0..<$0 + 1 })
    guard let rank = all.firstIndex(where: { $0 != all[0] }) else { return }
    throw CommunicationError(
      .broken,
      problem: "rank \(rank) on \(ranks.communicator.hosts[rank]) has come to other weights than"
        + " rank 0 on \(ranks.communicator.hosts[0])",
      fix: "use the same GPUs, driver and plugin for all ranks; the same command goes on from the"
        + " newest checkpoint")
  }

  /// Makes a call of which the devices of all ranks have a part: where one fails, the others wait for
  /// it and hear no reasons.
  func endingAll<Result>(_ call: () throws -> Result) throws -> Result {
    do {
      return try call()
    } catch let error as ExecutorError where learner.ranks.count > 1 {
      throw CommunicationError(.broken, problem: error.problem, fix: error.fix)
    }
  }

  /// Scores the weights on the test images, in their order: on rank 0, and all ranks have it from
  /// there, for kernels of another device may have other last bits.
  func score() throws -> [ImageScore] {
    let ranks = learner.ranks
    var scores = try ranks.together {
      try carryOver()
      if ranks.own == 0 { return try device.imageScores(of: dataset) }
      let none = ImageScore(label: 0, loss: 0, logits: [0])
      return Array(repeating: none, count: dataset.test.imageCount)
    }
    try scores.withUnsafeMutableBufferPointer { try ranks.share($0) }
    return scores
  }
}
