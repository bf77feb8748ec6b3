import BatchPolicies
import Communication
import Executors
import RunRecords

/// Who is told of a training's decisions.
struct DecisionCallbacks {
  let onDecision: (DecisionRecord) throws -> Void
  let onShadow: (DecisionRecord) throws -> Void
}

// Moments of decision in a training, and growth that is taken back.
extension Trainer {
  /// Makes the decision that is due before the next update, if there is one.
  ///
  /// - Parameter hasNext: whether the epoch has a next update.
  func decideIfDue(hasNext: Bool, _ callbacks: DecisionCallbacks) throws {
    if state.imagesIntoEpoch > 0 {
      let isOutdated = isRestored && course.isOutdated(at: state)
      guard course.isDue(state) || isOutdated, hasNext || replayedRollback != nil else {
        return
      }
    }
    isRestored = false
    if let back = replayedRollback {
      goBack()
      try callbacks.onDecision(course.adopt(back, .rollback, at: state))
    }
    let before = course.current
    let (decision, shadows) = try course.decide(at: state)
    if let now = course.current, let before {
      if course.isGuarded(after: before) {
        course.watch(after: before)
        snapshot = course.state.watch == nil ? nil : try takeSnapshot()
      } else if now.batchSize > before.batchSize, willGoBack {
        snapshot = try takeSnapshot()
      }
    }
    keepCourse()
    if let decision { try callbacks.onDecision(decision) }
    for shadow in shadows { try callbacks.onShadow(shadow) }
  }

  /// Makes updates; takes growth back with which training diverges.
  ///
  /// - Returns: nil where that was the case, and nothing was changed by the update.
  func guardedUpdates(
    with batches: Batches, _ callbacks: DecisionCallbacks
  ) throws -> MadeUpdates? {
    do {
      return try updates(with: batches)
    } catch let error as TrainingError where error.code == .diverged {
      guard let rollback = course.verdict(at: state, diverged: true) else { throw error }
      goBack()
      keepCourse()
      try callbacks.onDecision(rollback)
      return nil
    }
  }

  /// Takes in what an update has shown, and takes growth back that made training worse.
  func note(_ update: UpdateSignals, _ callbacks: DecisionCallbacks) throws {
    course.note(update)
    defer { keepCourse() }
    guard course.isVerdictDue else { return }
    let rollback = course.verdict(at: state)
    if rollback != nil { goBack() }
    snapshot = nil
    if let rollback { try callbacks.onDecision(rollback) }
  }

  private func takeSnapshot() throws -> LearnerSnapshot<Float> {
    try bringBack()
    return learner.snapshot
  }

  private func goBack() {
    guard let snapshot else { preconditionFailure("nothing was kept to go back to") }
    learner.restore(snapshot)
    markChanged()
    state.microBatchesTracked = learner.microBatchesTracked
    self.snapshot = nil
  }

  /// What a growth is taken back to at this place of a run that is repeated.
  private var replayedRollback: BatchDecision? {
    guard snapshot != nil else { return nil }
    return replayed?.rollback(at: state.epochsDone, imagesIntoEpoch: state.imagesIntoEpoch)
  }

  private var willGoBack: Bool {
    replayed?.takesBack(after: state.epochsDone, imagesIntoEpoch: state.imagesIntoEpoch) == true
  }

  private var replayed: ReplayedSchedule? { policy as? ReplayedSchedule }

  /// What is decided is part of where the training is, and of what is expected of it.
  private func keepCourse() {
    state.course = course.state
    guard let current = course.current, !isPlanned else { return }
    let expected = plan.phase(of: state.epochsDone)
    if expected?.batchSize != current.batchSize
      || expected?.learningRateFactor != current.learningRateFactor
    {
      plan = plan.changed(from: state.epochsDone, to: current)
    }
  }

  /// Whether ``plan`` says what will be; otherwise it says what is expected.
  var isPlanned: Bool {
    !(policy is any MeasuringPolicy) && replayed == nil && options.guardWindow == nil
  }
}
