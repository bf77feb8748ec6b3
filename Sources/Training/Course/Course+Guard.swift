import BatchPolicies
import RunRecords

// The guard.
extension Course {
  /// Whether the decision in force is larger than before, and is to be watched.
  func isGuarded(after before: BatchDecision?) -> Bool {
    guard options.guardWindow != nil, let before, let current else { return false }
    return current.batchSize > before.batchSize && state.watch == nil
  }

  /// Begins to watch the growth that was just decided.
  mutating func watch(after before: BatchDecision) {
    guard let current, let window = options.guardWindow else { return }
    let losses = GuardedLoss(
      state.signals.history.newest(window, atLeast: GuardedLoss.fewestUpdates))
    guard let error = losses.standardError else { return }
    state.watch = CourseState.Watch(
      before: before, grown: current, meanBefore: losses.mean, errorBefore: error)
  }

  /// Whether the growth under watch has been seen for long enough to say.
  var isVerdictDue: Bool {
    guard let watch = state.watch, let window = options.guardWindow else { return false }
    let images = watch.updates.reduce(0) { $0 + $1.images }
    return images >= window && watch.updates.count >= GuardedLoss.fewestUpdates
  }

  /// Judges the growth under watch, and ends the watch.
  ///
  /// - Parameter diverged: whether the loss is no number any more.
  /// - Returns: the record of taking it back; nil where it stands, and where there is none.
  mutating func verdict(at moment: TrainingState, diverged: Bool = false) -> DecisionRecord? {
    guard let watch = state.watch else { return nil }
    state.watch = nil
    let losses = GuardedLoss(watch.updates)
    guard let evidence = diverged ? losses.evidence(against: watch) : losses.worse(than: watch)
    else { return nil }
    var back = watch.before
    back.evidence = evidence
    back.reason =
      "\(diverged ? "training diverged" : "the loss became worse") with batch"
      + " \(watch.grown.batchSize): weights, rate and batch"
      + " \(back.batchSize) are back, and \(watch.grown.batchSize) is marked"
    state.signals.current = back
    state.signals.decisionsSinceChange = 0
    state.signals.marked.append(watch.grown.batchSize)
    state.held = CourseState.Held(planned: watch.grown, instead: back)
    return record(back, of: policy, .rollback, at: moment)
  }

  /// A decision as far as growth under watch, and what was taken back before, let it be.
  func held(_ wanted: BatchDecision) -> BatchDecision {
    // Nothing else changes meanwhile, so that what is taken back is one growth.
    if let watch = state.watch, wanted.sizeAndRate != watch.grown.sizeAndRate {
      var waiting = watch.grown
      waiting.reason = "the growth to \(waiting.batchSize) is watched; then: " + wanted.reason
      waiting.evidence = wanted.evidence
      return waiting
    }
    guard let held = state.held, let mark = state.signals.marked.min(), wanted.batchSize >= mark
    else { return wanted }
    // Rate over batch size goes on as it would have, as at the limit of AdaBatchGrowth.
    let (planned, instead) = (held.planned, held.instead)
    let change = wanted.learningRateFactor / planned.learningRateFactor
    let share = Double(planned.batchSize) / Double(wanted.batchSize)
    return BatchDecision(
      batchSize: instead.batchSize, learningRateFactor: instead.learningRateFactor * change * share,
      reason: wanted.reason + ", held at \(instead.batchSize): \(mark) is marked",
      evidence: wanted.evidence)
  }
}
