/// A policy whose rate climbs over the first epochs to one that suits its batch size.
///
/// A rate that was found with a small baseline batch is multiplied by initial batch / baseline
/// batch: linearly over ``epochs``, from the unscaled rate in the first epoch to the scaled one in
/// the last of them. Every epoch has one rate, as in the reference, so a plan shows each. The
/// factors of ``base``, which decides everything else, multiply it from the start.
///
/// > Source: NVlabs' `adabatch_imagenet.py`, after Goyal et al. 2017, arXiv:1706.02677, §2.2, who
/// > raise the rate with every update. The batch is the whole update's; `adabatch_cifar.py` takes a
/// > micro-batch of it, and Python 2 rounds the quotient down.
public struct WarmUp<Base: BatchPolicy>: BatchPolicy {
  /// What is warmed up.
  public let base: Base

  /// Epochs of the climb, the one at the unscaled rate included.
  public let epochs: Int

  /// The batch size that the initial learning rate was chosen for.
  public let baselineBatchSize: Int

  /// - Parameters:
  ///   - base: decides the batch size, and the rate before it is scaled
  ///   - epochs: 2 or more, the first and the last of the climb
  ///   - baselineBatchSize: 1 or more
  /// - Throws: ``PolicyError`` with code `outOfRange` for any other value, and for a base that
  ///   measures: it goes by the rate in force, which would have this climb in it already.
  public init(_ base: Base, epochs: Int, baselineBatchSize: Int) throws(PolicyError) {
    try require(
      epochs >= 2, "warmUpEpochs", epochs,
      needs: "2 or more: the first epoch has the unscaled rate",
      fix: "give the epochs until the rate is reached, such as 5, or 0 for no warm-up")
    try require(
      baselineBatchSize >= 1, "baselineBatchSize", baselineBatchSize, needs: "1 or more",
      fix: "give the batch size that the learning rate was chosen for")
    try require(
      !(base is any MeasuringPolicy), "warmUpEpochs", epochs,
      needs: "0 with a policy that measures, which goes on from the rate in force",
      fix: "leave the warm-up out, or start with the batch size that the rate was chosen for")
    self.base = base
    self.epochs = epochs
    self.baselineBatchSize = baselineBatchSize
  }

  public func decision(for signals: Signals) -> BatchDecision {
    var decision = base.decision(for: signals)
    let factor = factor(for: signals)
    decision.learningRateFactor *= factor
    if signals.epoch < epochs {
      let epoch = max(0, signals.epoch) + 1
      decision.reason += "; warm-up \(epoch) of \(epochs), rate × \(factor.short)"
    }
    return decision
  }

  private func factor(for signals: Signals) -> Double {
    let start = base.decision(for: Signals(epoch: 0, imageCount: signals.imageCount))
    let scale = Double(start.batchSize) / Double(baselineBatchSize)
    let climbed = max(0, signals.epoch)
    // The scale itself at the end: one that is a rounding away would be another phase.
    guard climbed < epochs - 1 else { return scale }
    return 1 + (scale - 1) * Double(climbed) / Double(epochs - 1)
  }
}

extension WarmUp: Equatable where Base: Equatable {}
extension WarmUp: Hashable where Base: Hashable {}

extension WarmUp {
  // Synthesised decoding would let in what the initialiser refuses.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      container.decode(Base.self, forKey: .base),
      epochs: container.decode(Int.self, forKey: .epochs),
      baselineBatchSize: container.decode(Int.self, forKey: .baselineBatchSize))
  }
}
