// A decaying rate and a growing batch as each other's substitute: what counts for the noise of SGD
// is rate over batch size, so both ways of lowering it keep the course of training.
//
// Source: Smith et al. 2018, "Don't Decay the Learning Rate, Increase the Batch Size",
// arXiv:1711.00489, §3; with some decay left, Devarakonda et al. 2017, arXiv:1712.02029.

extension FixedBatch {
  /// The growing batch with the same rate over batch size after every change.
  ///
  /// Where this rate is multiplied by `decay`, the batch is multiplied by `factor` and its rate by
  /// `decay · factor`: a decay of 0.375 becomes a growth of 2 with a decay of 0.75. Sizes are whole
  /// numbers, rounded down, and rate over batch size is as near as that lets it be. At `maximum`,
  /// and at the training set, the growth ends and the rate takes what is left of each change.
  ///
  /// - Parameters:
  ///   - factor: of each growth, above 1 and at most 1 / ``decay``; nil for the whole of it, which
  ///     keeps the rate
  ///   - maximum: the batch size that growth never passes, ``batchSize`` or more
  /// - Throws: ``PolicyError`` where the rate does not decay, so that there is nothing to replace,
  ///   and for a factor or maximum out of range.
  public func growing(by factor: Double? = nil, upTo maximum: Int) throws(PolicyError)
    -> AdaBatchGrowth
  {
    try require(
      decay < 1, "decay", decay.short, needs: "below 1, for growth takes the place of decay",
      fix: "give the decay of the rate at the fixed batch, such as 0.375")
    let factor = factor ?? 1 / decay
    let rest = decay * factor
    // 1 / decay is rounded, and so may be a factor that was meant to be just that.
    let isWhole = abs(rest - 1) < 1e-9
    try require(
      rest <= 1 || isWhole, "growthFactor", factor.short,
      needs: "at most 1 / decay = \((1 / decay).short), or the rate would have to rise",
      fix: "leave it out for a rate that is kept, or give less")
    return try AdaBatchGrowth(
      initialBatchSize: batchSize, growthFactor: factor, changes: changes,
      maximumBatchSize: maximum, decay: isWhole ? 1 : rest)
  }
}

extension AdaBatchGrowth {
  /// The fixed batch with the same rate over batch size after every change.
  ///
  /// Its rate is multiplied by ``decay`` / ``growthFactor`` where this batch grows.
  ///
  /// - Throws: ``PolicyError`` where the rate has changes of its own, for then no single decay is
  ///   the same.
  public func fixed() throws(PolicyError) -> FixedBatch {
    try require(
      rateChanges == nil || rateChanges == changes, "rateMilestones",
      rateChanges?.description ?? "",
      needs: "left out: a fixed batch has one decay, at one kind of change",
      fix: "let the rate change with the batch")
    return try FixedBatch(
      batchSize: initialBatchSize, decay: decay / growthFactor, changes: changes)
  }
}
