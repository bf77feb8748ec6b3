import Communication
import Executors

/// What micro-batches of an update have come to, beside their gradients.
package struct PassedMicroBatches<Scalar: TensorScalar> {
  private(set) var shares: MicroBatchShares?
  private var scores: [Score] = []
  /// Means and variances of each micro-batch, as `Program.batchStatistics()` gives them.
  private(set) var statistics: [[Scalar]] = []
  /// (nᵢ/B)·|gᵢ|² of each micro-batch; none where that is not measured.
  private(set) var squares: [Double] = []

  package mutating func begin(_ shares: MicroBatchShares?) {
    self.shares = shares
    scores.removeAll()
    statistics.removeAll()
    squares.removeAll()
  }

  package mutating func add(_ score: Score, _ batchStatistics: [Scalar], square: Double? = nil) {
    scores.append(score)
    if let square { squares.append(square) }
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
  /// - Parameters:
  ///   - width: numbers in the statistics of one micro-batch, also where this rank has none.
  ///   - measuresGradients: whether all ranks have ``squares``.
  package mutating func gather(
    over ranks: Ranks, width: Int, measuresGradients: Bool = false
  ) throws {
    guard let shares else { preconditionFailure("no update was begun") }
    var allScores = Array(repeating: Score(), count: shares.count)
    allScores.replaceSubrange(shares[ranks.own], with: scores)
    try ranks.gather(&allScores, parts: shares.all)
    scores = allScores
    if measuresGradients {
      var allSquares = Array(repeating: 0.0, count: shares.count)
      allSquares.replaceSubrange(shares[ranks.own], with: squares)
      try ranks.gather(&allSquares, parts: shares.all)
      squares = allSquares
    }
    var numbers = Array(repeating: Scalar(0), count: shares.count * width)
    let parts = shares.all.map { $0.lowerBound * width..<$0.upperBound * width }
    numbers.replaceSubrange(parts[ranks.own], with: statistics.joined())
    if width > 0 { try ranks.gather(&numbers, parts: parts) }
    statistics = (0..<shares.count).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }
}
