/// Which micro-batches of an update each rank passes: neighbours, as evenly as their number allows,
/// the first ranks one more.
///
/// Of fewer micro-batches than ranks the last ranks get none.
public struct MicroBatchShares: Sendable, Equatable {
  /// Micro-batches in the update.
  public let count: Int
  public let ranks: Int

  public init(count: Int, ranks: Int) { (self.count, self.ranks) = (count, ranks) }

  /// The micro-batches of one rank.
  public subscript(rank: Int) -> Range<Int> { start(of: rank)..<start(of: rank + 1) }

  /// Ranks that have nothing to pass.
  public var idleRanks: Int { max(0, ranks - count) }

  /// The micro-batches of every rank.
  package var all: [Range<Int>] { (0..<ranks).map { self[$0] } }

  private func start(of rank: Int) -> Int {
    rank * (count / ranks) + min(rank, count % ranks)
  }
}
