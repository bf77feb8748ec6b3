import Communication
import Executors

/// What micro-batches of an update have come to, beside their gradients.
package struct PassedMicroBatches<Scalar: TensorScalar> {
  private(set) var shares: MicroBatchShares?
  private var scores: [Score] = []
  /// Means and variances of each micro-batch, as `Program.batchStatistics()` gives them.
  private(set) var statistics: [[Scalar]] = []

  package mutating func begin(_ shares: MicroBatchShares?) {
    self.shares = shares
    scores.removeAll()
    statistics.removeAll()
  }

  package mutating func add(_ score: Score, _ batchStatistics: [Scalar]) {
    scores.append(score)
    statistics.append(batchStatistics)
  }

  package init() {}

  /// Of all micro-batches, in their order.
  var score: Score {
    var sum = Score()
    scores.forEach { sum.add($0) }
    return sum
  }

  /// Adds those of the other ranks, in the order of micro-batches.
  ///
  /// - Parameter width: numbers in the statistics of one micro-batch, also where this rank has none.
  package mutating func gather(over ranks: Ranks, width: Int) throws {
    guard let shares else { preconditionFailure("no update was begun") }
    var allScores = Array(repeating: Score(), count: shares.count)
    allScores.replaceSubrange(shares[ranks.own], with: scores)
    try ranks.gather(&allScores, parts: shares.all)
    scores = allScores
    var numbers = Array(repeating: Scalar(0), count: shares.count * width)
    let parts = shares.all.map { $0.lowerBound * width..<$0.upperBound * width }
    numbers.replaceSubrange(parts[ranks.own], with: statistics.joined())
    if width > 0 { try ranks.gather(&numbers, parts: parts) }
    statistics = (0..<shares.count).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }
}
