import BatchPolicies
import RunRecords

/// How a run's batch size and rate come about, from one moment of decision to the next.
///
/// It asks the policy, and those that only watch, keeps what training has shown, and has growth
/// that made training worse taken back. All that it remembers is ``state``, which is in checkpoints.
struct Course {
  let policy: NamedPolicy
  let shadows: [NamedPolicy]
  let options: TrainingOptions
  var state: CourseState

  init(
    _ policy: NamedPolicy, shadows: [NamedPolicy], options: TrainingOptions, imageCount: Int,
    from state: CourseState? = nil
  ) {
    (self.policy, self.shadows, self.options) = (policy, shadows, options)
    self.state = state ?? CourseState(Signals(epoch: 0, imageCount: imageCount))
    self.state.signals.initialLearningRate = options.learningRate
  }

  /// What training has to measure for all of them.
  var measures: Measures {
    shadows.reduce(into: policy.measures) { $0.formUnion($1.measures) }
  }

  /// What the next update is made with; nil before the first decision.
  var current: BatchDecision? { state.signals.current }

  /// Whether a decision is to be made within an epoch, before the next update.
  func isDue(_ moment: TrainingState) -> Bool {
    if let replayed = policy.policy as? ReplayedSchedule {
      return replayed.changes(at: moment.epochsDone, imagesIntoEpoch: moment.imagesIntoEpoch)
    }
    guard let every = options.decideEvery else { return false }
    return state.stretchUpdates >= every
  }

  /// Takes a decision as the one in force that was made elsewhere.
  @discardableResult
  mutating func adopt(
    _ decision: BatchDecision, _ action: DecisionRecord.Action = .keep, at moment: TrainingState
  ) -> DecisionRecord {
    state.signals.current = decision
    return record(decision, of: policy, action, at: moment)
  }

  /// Whether a policy that goes by the epoch alone says something else than what is in force: the
  /// run was gone on with after other settings.
  func isOutdated(at moment: TrainingState) -> Bool {
    guard !(policy.policy is any MeasuringPolicy), !(policy.policy is ReplayedSchedule) else {
      return false
    }
    var signals = state.signals
    signals.epoch = moment.epochsDone
    return held(policy.policy.decision(for: signals)).sizeAndRate != current?.sizeAndRate
  }

  /// How many updates can be made, of so many images, before what they show may change what the next
  /// one is made with.
  func updatesBeforeLook(of batchSize: Int, at moment: TrainingState) -> Int {
    // A growth under watch may be taken back after each.
    if state.watch != nil { return 1 }
    if let replayed = policy.policy as? ReplayedSchedule {
      let images = replayed.imagesUntilChange(
        at: moment.epochsDone, imagesIntoEpoch: moment.imagesIntoEpoch)
      return images.map { ($0 + batchSize - 1) / batchSize } ?? .max
    }
    return options.decideEvery.map { max(1, $0 - state.stretchUpdates) } ?? .max
  }

  private var looksBack: Bool {
    options.guardWindow != nil
      || ([policy] + shadows).contains { $0.policy is any MeasuringPolicy }
  }

  /// Takes in what an update has shown.
  mutating func note(_ update: UpdateSignals) {
    state.stretchUpdates += 1
    guard looksBack else { return }
    state.stretchImages += update.images
    state.stretchLoss += update.loss * Double(update.images)
    state.watch?.updates.append(update)
    state.signals.history.note(update, keeping: state.signals.imageCount)
  }
}

// Decisions.
extension Course {
  /// Asks the policy, and those that watch, what the next update is to be made with.
  ///
  /// - Returns: a record for `decisions.jsonl`, nil where nothing is to be said; one of each policy
  ///   that watches.
  mutating func decide(
    at moment: TrainingState
  ) throws(PolicyError) -> (decision: DecisionRecord?, shadows: [DecisionRecord]) {
    state.signals.epoch = moment.epochsDone
    state.signals.imagesIntoEpoch = moment.imagesIntoEpoch
    closeStretch()
    let wanted = try policy.policy.checkedDecision(for: state.signals)
    let action = take(held(wanted))
    var watching: [DecisionRecord] = []
    for shadow in shadows { watching.append(try ask(shadow, at: moment)) }
    let isToSay = action != .keep || policy.policy is any MeasuringPolicy
    guard isToSay, let current else { return (nil, watching) }
    var decision = record(current, of: policy, action, at: moment)
    if action == .start, let reason = options.microBatchReason { decision.reason += "; " + reason }
    return (decision, watching)
  }

  /// The images since the last moment of decision become one number.
  private mutating func closeStretch() {
    if state.stretchImages > 0 {
      state.signals.history.losses.append(state.stretchLoss / Double(state.stretchImages))
    }
    (state.stretchImages, state.stretchLoss, state.stretchUpdates) = (0, 0, 0)
  }

  /// - Returns: what has become of it.
  private mutating func take(_ decision: BatchDecision) -> DecisionRecord.Action {
    var standing = CourseState.Standing(state.signals)
    defer { (state.signals.current, state.signals.decisionsSinceChange) = standing.parts }
    return standing.take(decision)
  }

  private mutating func ask(
    _ shadow: NamedPolicy, at moment: TrainingState
  ) throws(PolicyError) -> DecisionRecord {
    var standing = state.shadows[shadow.name] ?? CourseState.Standing()
    var signals = state.signals
    (signals.current, signals.decisionsSinceChange) = standing.parts
    signals.marked = []
    let decision = try shadow.policy.checkedDecision(for: signals)
    let action = standing.take(decision)
    state.shadows[shadow.name] = standing
    return record(decision, of: shadow, action, at: moment)
  }

  func record(
    _ decision: BatchDecision, of policy: NamedPolicy, _ action: DecisionRecord.Action,
    at moment: TrainingState
  ) -> DecisionRecord {
    var record = DecisionRecord(
      epoch: moment.epochsDone + 1, batchSize: decision.batchSize,
      microBatch: options.microBatchSize(in: decision.batchSize),
      learningRate: options.learningRate * decision.learningRateFactor, reason: decision.reason)
    record.action = action
    record.policy = policy.name
    record.imagesIntoEpoch = moment.imagesIntoEpoch
    record.updates = moment.updates
    record.samplesSeen = moment.samplesSeen
    record.rateFactor = decision.learningRateFactor
    record.evidence = decision.evidence
    return record
  }
}

extension CourseState.Standing {
  fileprivate init(_ signals: Signals) {
    self.init()
    (current, decisionsSinceChange) = (signals.current, signals.decisionsSinceChange)
  }

  fileprivate var parts: (BatchDecision?, Int) { (current, decisionsSinceChange) }

  /// - Returns: what has become of a decision.
  fileprivate mutating func take(_ decision: BatchDecision) -> DecisionRecord.Action {
    let before = current
    current = decision
    decisionsSinceChange = before?.batchSize == decision.batchSize ? decisionsSinceChange + 1 : 0
    guard before?.sizeAndRate != decision.sizeAndRate else { return .keep }
    return before == nil ? .start : .change
  }
}

extension BatchDecision {
  /// What updates depend on.
  var sizeAndRate: SizeAndRate {
    SizeAndRate(batchSize: batchSize, factor: learningRateFactor)
  }

  struct SizeAndRate: Equatable {
    let batchSize: Int
    let factor: Double
  }
}
