import AdaBatch

/// What a training says of who decides its batch size, and of what was decided on the way.
struct PolicyText {
  private let trainer: Trainer
  private let settings: TrainingSettings

  init(_ run: RunToWatch) { (trainer, settings) = (run.trainer, run.settings) }

  /// The plan where there is one, and what is known where there is none.
  var lines: String {
    let watching = settings.shadow.map { ["only watching: " + $0.joined(separator: ", ")] } ?? []
    let others = [guarded, trainer.options.microBatchReason].compactMap(\.self)
    return ([policy] + watching + others).joined(separator: "\n")
  }

  private var policy: String {
    guard let policy = trainer.policy as? any MeasuringPolicy else {
      return trainer.plan.table(initialRate: settings.learningRate)
    }
    let every = settings.decideEvery.map { " and every \(counted($0, "update"))" } ?? ""
    return """
      policy \(settings.policy): \(policy)
      decided at each start of an epoch\(every), from batch \(policy.sizes.lowerBound) to \
      \(policy.sizes.upperBound), by what training shows\(microBatch(policy))
      """
  }

  private func microBatch(_ policy: some MeasuringPolicy) -> String {
    guard policy.measures.contains(.gradientNorms) else { return "" }
    let size = trainer.options.microBatchSize(in: settings.batchSize)
    let quarter = settings.microBatch == .images(max(1, settings.batchSize / 4))
    return "\nmicro-batch \(size)" + (quarter ? ", a quarter of the initial batch" : "")
      + ": the gradient's noise is what differs between those of an update"
  }

  private var guarded: String? {
    guard settings.guardsGrowth == true, let window = settings.guardWindow else { return nil }
    return "guard: a growth is judged over \(counted(window, "image"))"
  }

  /// The line of a decision; nil where the plan has said it.
  func line(of decision: DecisionRecord) -> String? {
    let isForetold = decision.evidence == nil && decision.action != .rollback
    guard !isForetold, decision.action != .keep, decision.action != .start else { return nil }
    let images = decision.imagesIntoEpoch ?? 0
    let place = images > 0 ? " after \(counted(images, "image"))" : ""
    return "in epoch \(decision.epoch)\(place): batch \(decision.batchSize), rate"
      + " \(ProgressText.rate(decision.learningRate)): \(decision.reason)"
  }
}
