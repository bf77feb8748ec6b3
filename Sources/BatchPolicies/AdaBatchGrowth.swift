/// A batch that grows by a factor every few epochs, while the learning rate decays a little.
///
/// Each change multiplies the batch size by ``growthFactor``, rounded down, and the rate by
/// ``decay``. With the defaults, rate over batch size falls exactly as in ``FixedBatch`` at its
/// default decay, from where AdaBatch promises the small batch's accuracy at the large one's cost.
///
/// The batch never passes ``maximumBatchSize`` nor the training set. Where that holds it back, the
/// rate also takes the share of the growth that was not had (`actual / wanted`), so rate over batch
/// size goes on falling at the same pace after the growth has ended.
///
/// > Source: Devarakonda, Naumov, Garland 2017, arXiv:1712.02029; the rate at the cap as in NVlabs'
/// > `adabatch_cifar.py`, which applies it at the size of the training set. That script has no
/// > other limit.
public struct AdaBatchGrowth: BatchPolicy, Hashable {
  /// Images in one weight update at the start, over all ranks.
  public let initialBatchSize: Int

  /// What the batch size is multiplied by at each change: above 1.
  public let growthFactor: Double

  /// Epochs from one change to the next.
  public let interval: Int

  /// The batch size that growth never passes.
  public let maximumBatchSize: Int

  /// What the learning rate is multiplied by at each change: above 0, at most 1.
  public let decay: Double

  /// - Parameters:
  ///   - initialBatchSize: images in one weight update at the start, 1 or more
  ///   - growthFactor: finite, above 1, and enough to grow the initial size by one image
  ///   - interval: epochs between changes, 1 or more; see ``ReferenceRecipe/interval(epochs:)``
  ///   - maximumBatchSize: the initial size or more; see
  ///     ``ReferenceRecipe/maximumBatchSize(initialBatchSize:)``
  ///   - decay: above 0, at most 1, which keeps the rate; the default is the paper's
  /// - Throws: ``PolicyError`` with code `outOfRange` or `neverGrows` for any other value.
  public init(
    initialBatchSize: Int, growthFactor: Double = ReferenceRecipe.growthFactor, interval: Int,
    maximumBatchSize: Int, decay: Double = ReferenceRecipe.growthDecay
  ) throws(PolicyError) {
    try Self.check(initialBatchSize, growthFactor, maximumBatchSize)
    try requireDecay(decay, every: interval)
    self.initialBatchSize = initialBatchSize
    self.growthFactor = growthFactor
    self.interval = interval
    self.maximumBatchSize = maximumBatchSize
    self.decay = decay
  }

  public func decision(for signals: Signals) -> BatchDecision {
    let changes = max(0, signals.epoch) / interval
    var step = Step(wanted: Double(initialBatchSize), batchSize: initialBatchSize)
    for _ in 0..<changes { step = next(after: step, imageCount: signals.imageCount) }
    return BatchDecision(
      batchSize: step.batchSize, learningRateFactor: step.rateFactor,
      reason: reason(for: step, changes: changes, imageCount: signals.imageCount))
  }
}

extension AdaBatchGrowth {
  /// One change as it was wanted, and as the limits let it be.
  private struct Step {
    var previous = 0
    var wanted: Double
    var batchSize: Int
    var rateFactor = 1.0
  }

  /// The order of the products is part of the promise of bits: it is NVlabs' order.
  private func next(after step: Step, imageCount: Int) -> Step {
    let wanted = (Double(step.batchSize) * growthFactor).rounded(.down)
    // A start above the training set is refused elsewhere; here it must at least not shrink.
    let cap = max(step.batchSize, min(maximumBatchSize, imageCount))
    let batchSize = wanted < Double(cap) ? Int(wanted) : cap
    return Step(
      previous: step.batchSize, wanted: wanted, batchSize: batchSize,
      rateFactor: step.rateFactor * (decay * (Double(batchSize) / wanted)))
  }

  private func reason(for step: Step, changes: Int, imageCount: Int) -> String {
    guard changes > 0 else { return "initial batch size \(initialBatchSize)" }
    let growth =
      "after \(changes * interval) epochs: batch \(step.previous) × \(growthFactor.short)"
    guard Double(step.batchSize) < step.wanted else {
      return "\(growth) = \(step.batchSize), rate × \(decay.short)"
    }
    let holder = imageCount < maximumBatchSize ? "the training set's" : "the limit of"
    return "\(growth) held at \(holder) \(step.batchSize), "
      + "rate × \(decay.short) × \(step.batchSize) / \(step.wanted.short)"
  }

  private static func check(
    _ initial: Int, _ growth: Double, _ maximum: Int
  ) throws(PolicyError) {
    try require(
      initial >= 1, "initialBatchSize", initial, needs: "1 or more", fix: "the usual start is 128")
    try require(
      growth > 1 && growth.isFinite, "growthFactor", growth.short, needs: "a finite number above 1",
      fix: "for a batch that does not grow use the fixed policy")
    try require(
      maximum >= initial, "maximumBatchSize", maximum,
      needs: "at least the initial batch size, \(initial)",
      fix: "raise the limit or lower the initial batch size")
    // Sizes are rounded down: what cannot grow at the start never will.
    try require(
      (Double(initial) * growth).rounded(.down) > Double(initial), "growthFactor",
      growth.short, needs: "enough to add one image to a batch of \(initial)",
      fix: "use a factor of 2, or start with a larger batch", code: .neverGrows)
  }

  // Synthesised decoding would let in what the initialiser refuses.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      initialBatchSize: container.decode(Int.self, forKey: .initialBatchSize),
      growthFactor: container.decode(Double.self, forKey: .growthFactor),
      interval: container.decode(Int.self, forKey: .interval),
      maximumBatchSize: container.decode(Int.self, forKey: .maximumBatchSize),
      decay: container.decode(Double.self, forKey: .decay))
  }
}
