/// A batch that grows by a factor every few epochs, while the learning rate decays a little.
///
/// Each change multiplies the batch size by ``growthFactor``, rounded down, and the rate by
/// ``decay``. With the defaults, rate over batch size falls exactly as in ``FixedBatch`` at its
/// default decay, from where AdaBatch promises the small batch's accuracy at the large one's cost.
/// With a decay of 1 the rate is kept, and growth alone takes the place of decay; see
/// ``FixedBatch/growing(by:upTo:)``.
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

  /// The epochs after which the batch grows.
  public let changes: ChangeEpochs

  /// The epochs after which the rate decays; nil where it does so together with the growth.
  public let rateChanges: ChangeEpochs?

  /// The batch size that growth never passes.
  public let maximumBatchSize: Int

  /// What the learning rate is multiplied by at each of its changes: above 0, at most 1.
  public let decay: Double

  /// - Parameters:
  ///   - initialBatchSize: images in one weight update at the start, 1 or more
  ///   - growthFactor: finite, above 1, and enough to grow the initial size by one image
  ///   - changes: an interval of 1 or more, or milestones in ascending order
  ///   - rateChanges: the same for the rate, where it is not to change with the batch
  ///   - maximumBatchSize: the initial size or more; see
  ///     ``ReferenceRecipe/maximumBatchSize(initialBatchSize:)``
  ///   - decay: above 0, at most 1, which keeps the rate; the default is the paper's
  /// - Throws: ``PolicyError`` with code `outOfRange` or `neverGrows` for any other value.
  public init(
    initialBatchSize: Int, growthFactor: Double = ReferenceRecipe.growthFactor,
    changes: ChangeEpochs, rateChanges: ChangeEpochs? = nil, maximumBatchSize: Int,
    decay: Double = ReferenceRecipe.growthDecay
  ) throws(PolicyError) {
    try Self.check(initialBatchSize, growthFactor, maximumBatchSize)
    try changes.check()
    try rateChanges?.check("rateMilestones")
    try requireDecay(decay)
    self.initialBatchSize = initialBatchSize
    self.growthFactor = growthFactor
    self.changes = changes
    self.rateChanges = rateChanges
    self.maximumBatchSize = maximumBatchSize
    self.decay = decay
  }

  /// The same with a change every `interval` epochs; see ``ReferenceRecipe/interval(epochs:)``.
  public init(
    initialBatchSize: Int, growthFactor: Double = ReferenceRecipe.growthFactor, interval: Int,
    maximumBatchSize: Int, decay: Double = ReferenceRecipe.growthDecay
  ) throws(PolicyError) {
    try self.init(
      initialBatchSize: initialBatchSize, growthFactor: growthFactor, changes: .every(interval),
      maximumBatchSize: maximumBatchSize, decay: decay)
  }
}

extension AdaBatchGrowth: CustomStringConvertible {
  public var description: String {
    let growth = "batch \(initialBatchSize) × \(growthFactor.short) \(changes)"
    let rate = rateChanges.map { "\(decay.asRateChange) \($0)" } ?? decay.asRateChange
    return "\(growth), up to \(maximumBatchSize), \(rate)"
  }
}

extension AdaBatchGrowth {
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
      changes: container.decode(ChangeEpochs.self, forKey: .changes),
      rateChanges: container.decodeIfPresent(ChangeEpochs.self, forKey: .rateChanges),
      maximumBatchSize: container.decode(Int.self, forKey: .maximumBatchSize),
      decay: container.decode(Double.self, forKey: .decay))
  }
}
