import BatchPolicies
import Communication

/// What all ranks together send for one update, and in what pieces.
///
/// It follows from shapes and counts, so it is known before a run and the same in every run.
public struct UpdateTraffic: Codable, Sendable, Equatable {
  public private(set) var messages = 0
  public private(set) var bytes = 0
  /// Those of ``bytes`` that are gradients.
  public private(set) var gradientBytes = 0
  /// What the best of allreduces sends for one gradient: 2·(R−1) gradients over R ranks.
  public private(set) var allreduceBytes = 0

  /// Nothing.
  static let none = UpdateTraffic()

  private init() {}

  /// - Parameters:
  ///   - parameterCount: of the network, in f32 as the statistics.
  ///   - statisticCount: numbers in the batch statistics of one micro-batch.
  ///   - measures: for policies.
  public init(
    _ shares: MicroBatchShares, parameterCount: Int, statisticCount: Int, measures: Measures = []
  ) {
    let ranks = shares.ranks
    guard ranks > 1 else { return }
    let parts = GradientExchange<Float>.parts(of: parameterCount, ranks: ranks).map {
      MemoryLayout<Float>.stride * $0.count
    }
    gather(Array(repeating: MemoryLayout<Int32>.stride, count: ranks))
    gather(shares.all.map { $0.count * MemoryLayout<Score>.stride })
    gather(shares.all.map { $0.count * statisticCount * MemoryLayout<Float>.stride })
    if measures.contains(.gradientNorms) {
      gather(shares.all.map { $0.count * MemoryLayout<Double>.stride })
    }
    if measures.contains(.seconds) {
      gather(Array(repeating: MemoryLayout<StepSeconds>.stride, count: ranks))
    }
    let before = bytes
    for exchange in shares.exchanges(of: parameterCount) {
      messages += exchange.sent.messages
      bytes += exchange.sent.elements * MemoryLayout<Float>.stride
    }
    gather(parts)
    gradientBytes = bytes - before
    allreduceBytes = 2 * (ranks - 1) * MemoryLayout<Float>.stride * parameterCount
  }

  /// Each rank's part goes to all others.
  private mutating func gather(_ parts: [Int]) {
    messages += parts.count { $0 > 0 } * (parts.count - 1)
    bytes += parts.reduce(0, +) * (parts.count - 1)
  }
}
