/// One batch size for the whole run, and a learning rate that decays on a schedule.
///
/// The baseline that a growing batch is measured against.
public struct FixedBatch: BatchPolicy, Hashable {
  /// Images in one weight update, over all ranks.
  public let batchSize: Int

  /// What the learning rate is multiplied by at each change: above 0, at most 1.
  public let decay: Double

  /// Epochs from one change to the next.
  public let interval: Int

  /// - Parameters:
  ///   - batchSize: images in one weight update, 1 or more
  ///   - decay: above 0, at most 1, which keeps the rate; the default is the paper's
  ///   - interval: epochs between changes, 1 or more; see ``ReferenceRecipe/interval(epochs:)``
  /// - Throws: ``PolicyError`` with code `outOfRange` for any other value.
  public init(
    batchSize: Int, decay: Double = ReferenceRecipe.fixedDecay, interval: Int
  ) throws(PolicyError) {
    try require(
      batchSize >= 1, "batchSize", batchSize, needs: "1 or more", fix: "the usual start is 128")
    try requireDecay(decay, every: interval)
    self.batchSize = batchSize
    self.decay = decay
    self.interval = interval
  }

  public func decision(for signals: Signals) -> BatchDecision {
    var factor = 1.0
    let changes = max(0, signals.epoch) / interval
    for _ in 0..<changes { factor *= decay }
    let reason =
      changes == 0
      ? "batch \(batchSize) for the whole run"
      : "after \(changes * interval) epochs: batch stays \(batchSize), rate × \(decay.short)"
    return BatchDecision(batchSize: batchSize, learningRateFactor: factor, reason: reason)
  }
}

extension FixedBatch {
  // Synthesised decoding would let in what the initialiser refuses.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      batchSize: container.decode(Int.self, forKey: .batchSize),
      decay: container.decode(Double.self, forKey: .decay),
      interval: container.decode(Int.self, forKey: .interval))
  }
}
