// How the batch size and the rate of an epoch come about, change by change.
extension AdaBatchGrowth {
  public func decision(for signals: Signals) -> BatchDecision {
    var step = Step(wanted: Double(initialBatchSize), batchSize: initialBatchSize)
    for change in changes(until: signals.epoch) {
      step = next(after: step, change, imageCount: signals.imageCount)
    }
    return BatchDecision(
      batchSize: step.batchSize, learningRateFactor: step.rateFactor,
      reason: reason(for: step, imageCount: signals.imageCount))
  }

  /// What happens after an epoch.
  private struct Change {
    let epoch: Int
    var grows = true
    var decays = true
  }

  /// Batch size and rate after a change, as they were wanted and as the limits let them be.
  private struct Step {
    var change: Change?
    var previous = 0
    var wanted: Double
    var batchSize: Int
    var rateFactor = 1.0

    var isHeld: Bool { Double(batchSize) < wanted }
  }

  private func changes(until epoch: Int) -> [Change] {
    guard let rateChanges else { return changes.until(epoch).map { Change(epoch: $0) } }
    let (growing, decaying) = (Set(changes.until(epoch)), Set(rateChanges.until(epoch)))
    return growing.union(decaying).sorted().map {
      Change(epoch: $0, grows: growing.contains($0), decays: decaying.contains($0))
    }
  }

  /// The order of the products is part of the promise of bits: it is NVlabs' order.
  private func next(after step: Step, _ change: Change, imageCount: Int) -> Step {
    let size = Double(step.batchSize)
    let wanted = change.grows ? (size * growthFactor).rounded(.down) : size
    // A start above the training set is refused elsewhere; here it must at least not shrink.
    let cap = max(step.batchSize, min(maximumBatchSize, imageCount))
    let batchSize = wanted < Double(cap) ? Int(wanted) : cap
    let rate = (change.decays ? decay : 1) * (Double(batchSize) / wanted)
    return Step(
      change: change, previous: step.batchSize, wanted: wanted, batchSize: batchSize,
      rateFactor: step.rateFactor * rate)
  }

  private func reason(for step: Step, imageCount: Int) -> String {
    guard let change = step.change else { return "initial batch size \(initialBatchSize)" }
    return "after \(change.epoch.epochs): \(growth(in: step, change, imageCount)), "
      + rate(in: step, change)
  }

  private func growth(in step: Step, _ change: Change, _ imageCount: Int) -> String {
    guard change.grows else { return "batch stays \(step.batchSize)" }
    let growth = "batch \(step.previous) × \(growthFactor.short)"
    guard step.isHeld else { return "\(growth) = \(step.batchSize)" }
    let holder = imageCount < maximumBatchSize ? "the training set's" : "the limit of"
    return "\(growth) held at \(holder) \(step.batchSize)"
  }

  private func rate(in step: Step, _ change: Change) -> String {
    let decay = change.decays ? decay : 1
    guard step.isHeld else { return decay.asRateChange }
    let share = "× \(step.batchSize) / \(step.wanted.short)"
    return decay == 1 ? "rate \(share)" : "\(decay.asRateChange) \(share)"
  }
}
