/// One batch size for the whole run, and a learning rate that decays on a schedule.
///
/// The baseline that a growing batch is measured against.
public struct FixedBatch: BatchPolicy, Hashable {
  /// Images in one weight update, over all ranks.
  public let batchSize: Int

  /// What the learning rate is multiplied by at each change: above 0, at most 1.
  public let decay: Double

  /// The epochs after which the rate changes.
  public let changes: ChangeEpochs

  /// - Parameters:
  ///   - batchSize: images in one weight update, 1 or more
  ///   - decay: above 0, at most 1, which keeps the rate; the default is the paper's
  ///   - changes: an interval of 1 or more, or milestones in ascending order
  /// - Throws: ``PolicyError`` with code `outOfRange` for any other value.
  public init(
    batchSize: Int, decay: Double = ReferenceRecipe.fixedDecay, changes: ChangeEpochs
  ) throws(PolicyError) {
    try require(
      batchSize >= 1, "batchSize", batchSize, needs: "1 or more", fix: "the usual start is 128")
    try changes.check()
    try requireDecay(decay)
    self.batchSize = batchSize
    self.decay = decay
    self.changes = changes
  }

  /// The same with a change every `interval` epochs; see ``ReferenceRecipe/interval(epochs:)``.
  public init(
    batchSize: Int, decay: Double = ReferenceRecipe.fixedDecay, interval: Int
  ) throws(PolicyError) {
    try self.init(batchSize: batchSize, decay: decay, changes: .every(interval))
  }

  public func decision(for signals: Signals) -> BatchDecision {
    let changes = changes.until(signals.epoch)
    var factor = 1.0
    for _ in changes { factor *= decay }
    let reason =
      changes.last.map { "after \($0.epochs): batch stays \(batchSize), \(decay.asRateChange)" }
      ?? "batch \(batchSize) for the whole run"
    return BatchDecision(batchSize: batchSize, learningRateFactor: factor, reason: reason)
  }
}

extension FixedBatch: CustomStringConvertible {
  public var description: String { "batch \(batchSize), \(decay.asRateChange) \(changes)" }
}

extension FixedBatch {
  // Synthesised decoding would let in what the initialiser refuses.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      batchSize: container.decode(Int.self, forKey: .batchSize),
      decay: container.decode(Double.self, forKey: .decay),
      changes: container.decode(ChangeEpochs.self, forKey: .changes))
  }
}

extension Double {
  /// A factor on the learning rate in words: `rate × 0.75`, or `rate kept`.
  var asRateChange: String { self == 1 ? "rate kept" : "rate × \(short)" }
}
