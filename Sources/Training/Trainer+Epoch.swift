import BatchPolicies
import ImageData
import RunRecords

// An epoch: its updates, its evaluation, its record.
extension Trainer {
  func trainEpoch(
    _ callbacks: DecisionCallbacks, _ onUpdate: (UpdateReport) throws -> Void
  ) throws -> EpochRecord {
    try trainImages(callbacks, onUpdate)
    let start = ContinuousClock.now
    let test = try scoreTestImages()
    if test.accuracy > state.bestAccuracy || state.bestEpoch == 0 {
      (state.bestAccuracy, state.bestEpoch) = (test.accuracy, state.epochsDone + 1)
      if case .carried(let work) = work { try work.keepBest() }
    }
    let record = record(
      test: test, evaluationSeconds: ContinuousClock.now.seconds(since: start))
    state.epochsDone += 1
    state.imagesIntoEpoch = 0
    state.epochSoFar = EpochSums()
    return record
  }

  /// Makes the updates of an epoch that are left.
  private func trainImages(
    _ callbacks: DecisionCallbacks, _ onUpdate: (UpdateReport) throws -> Void
  ) throws {
    let (start, before) = (ContinuousClock.now, state.epochSoFar.trainingSeconds)
    learner.watch = Stopwatch(state.epochSoFar)
    var score = Score(state.epochSoFar)
    var order = order
    while true {
      try decideIfDue(hasNext: order.hasNext(batchSize), callbacks)
      guard let images = order.next(batchSize, atMost: try updatesInCall) else { break }
      let batches = Batches(images, of: batchSize)
      guard let made = try guardedUpdates(with: batches, callbacks) else {
        // The batch is made anew, of another size.
        order = self.order
        continue
      }
      made.scores.forEach { score.add($0) }
      state.updates += made.count
      for _ in 0..<made.count { state.epochSoFar.add(traffic(of: batches.size)) }
      state.samplesSeen += made.count * batches.size
      state.imagesIntoEpoch += made.count * batches.size
      state.microBatchesTracked = learner.microBatchesTracked
      state.epochSoFar.set(
        score, learner.watch, trainingSeconds: before + ContinuousClock.now.seconds(since: start))
      let report = report(score)
      for (one, gradients) in zip(made.scores, made.gradients) {
        try note(
          UpdateSignals(
            images: batches.size, loss: one.meanLoss, gradients: gradients,
            seconds: made.seconds), callbacks)
      }
      try onUpdate(report)
      if let failure = made.failure { throw failure }
    }
  }

  /// The images of the epoch that are left.
  private var order: EpochOrder {
    EpochOrder(
      imageCount: dataset.training.imageCount, seed: options.seed, epoch: state.epochsDone,
      dropLast: options.dropLast, position: state.imagesIntoEpoch)
  }

  /// Updates that are made before anybody looks at them.
  private var updatesInCall: Int {
    get throws {
      guard case .carried(let work) = work else { return 1 }
      let most = course.updatesBeforeLook(of: batchSize, at: state)
      return most == 1 ? 1 : min(most, try work.updatesInCall(of: batchSize))
    }
  }

  /// Images in the next update.
  private var batchSize: Int { course.current?.batchSize ?? plan.smallestBatch }

  /// The rate of the next update.
  public var learningRate: Double {
    options.learningRate * (course.current?.learningRateFactor ?? 1)
  }

  /// What ranks send each other; not what their devices do.
  private func traffic(of batchSize: Int) -> UpdateTraffic {
    if case .carried = work { return .none }
    return UpdateTraffic(
      options.shares(of: batchSize), parameterCount: learner.graph.parameterCount,
      statisticCount: learner.graph.statisticCount, measures: course.measures)
  }

  private func report(_ score: Score) -> UpdateReport {
    UpdateReport(
      epoch: state.epochsDone + 1, imagesIntoEpoch: state.imagesIntoEpoch, batchSize: batchSize,
      learningRate: learningRate, updates: state.updates, samplesSeen: state.samplesSeen,
      trainLoss: score.meanLoss, trainAccuracy: score.accuracy)
  }

  private func record(test: Score, evaluationSeconds: Double) -> EpochRecord {
    let (sums, score) = (state.epochSoFar, Score(state.epochSoFar))
    return EpochRecord(
      epoch: state.epochsDone + 1, batchSize: batchSize,
      microBatch: options.microBatchSize(in: batchSize), learningRate: learningRate,
      updates: state.updates, samplesSeen: state.samplesSeen, trainLoss: score.meanLoss,
      trainAccuracy: score.accuracy, testLoss: test.meanLoss, testAccuracy: test.accuracy,
      bestAccuracy: state.bestAccuracy, forwardSeconds: sums.forwardSeconds,
      backwardSeconds: sums.backwardSeconds, updateSeconds: sums.updateSeconds,
      dataSeconds: sums.dataSeconds, switchSeconds: sums.switchSeconds,
      communicationSeconds: sums.communicationSeconds,
      epochSeconds: sums.trainingSeconds + evaluationSeconds,
      imagesPerSecond: Double(score.images) / sums.trainingSeconds, ranks: ranks.count,
      messages: sums.messages, messageBytes: sums.messageBytes)
  }
}
