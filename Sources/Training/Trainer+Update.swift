import BatchPolicies
import Communication

/// Images of one weight update, or of several of equal size.
struct Batches {
  let images: ArraySlice<Int>
  /// Images in each.
  let size: Int

  /// - Parameter size: of full ones; the last of an epoch may have fewer.
  init(_ images: ArraySlice<Int>, of size: Int) {
    (self.images, self.size) = (images, min(size, images.count))
  }

  var count: Int { images.count / size }
}

/// What updates have come to.
struct MadeUpdates {
  /// Of each that was made: added up one by one, so that sums do not depend on how many a call
  /// makes.
  var scores: [Score]
  /// What one took, where policies look at that.
  var seconds: StepSeconds?
  /// Of each, where policies look at that.
  var gradients: [GradientNorms?]
  /// Why there are not more.
  var failure: TrainingError?

  var count: Int { scores.count }
}

extension Trainer {
  /// Makes the updates of batches that have nothing between them.
  func updates(with batches: Batches) throws -> MadeUpdates {
    switch work {
    case .host(let work):
      let (score, seconds) = try update(with: batches.images, work)
      return MadeUpdates(
        scores: [score], seconds: seconds, gradients: [learner.gradientNorms])
    case .carried(let work): return try updates(with: batches, on: work)
    }
  }

  private func updates(with batches: Batches, on work: CarriedWork) throws -> MadeUpdates {
    let before = learner.watch
    let found = try work.update(
      with: batches.images, batchSize: batches.size, epoch: state.epochsDone, rate: learningRate)
    let made = found.made
    func diverged(_ what: String, _ update: Int) -> TrainingError {
      Learner<Float>.diverged(what).at("epoch \(state.epochsDone + 1), update \(update)")
    }
    guard found.areNumbers else {
      throw diverged("the gradient is not finite", state.updates + made.count)
    }
    var failure: TrainingError?
    if made.count < batches.count {
      failure = diverged("the loss is not a finite number", state.updates + made.count + 1)
    }
    // Who watches is told before anything is counted.
    if made.isEmpty, let failure { throw failure }
    return MadeUpdates(
      scores: made.map {
        Score(images: batches.size, correct: $0.correct, lossSum: $0.lossSum)
      },
      seconds: try seconds(since: before, updates: made.count),
      gradients: made.map { work.norms($0, of: batches.size) }, failure: failure)
  }

  /// One weight update with the images of a batch, in micro-batches in the batch's order.
  ///
  /// The gradient is Σ (nᵢ/B)·gᵢ over micro-batches of nᵢ images, B being what is really in the
  /// batch: the last one of an epoch may be short. Each rank passes its share of them.
  ///
  /// - Returns: its score, and the seconds it took where policies look at those.
  private func update(
    with batch: ArraySlice<Int>, _ work: HostWork
  ) throws -> (Score, StepSeconds?) {
    let (epoch, before) = (state.epochsDone, learner.watch)
    let shares = options.shares(of: batch.count)
    learner.beginUpdate(shares)
    var passed = Result {
      try locating(epoch) { try pass(shares[ranks.own], of: batch, epoch, work) }
    }
    let divergence = course.state.watch == nil ? nil : passed.takeDivergence()
    if ranks.count == 1 {
      try passed.get()
    } else {
      // Ranks that are faster wait here for the others.
      try learner.watch.time(\.communication) { try ranks.agree(on: passed) }
    }
    if course.state.watch != nil { try shareDivergence(divergence) }
    let score = try locating(epoch) { try learner.finishUpdate(learningRate: learningRate) }
    return (score, try seconds(since: before))
  }

  /// What one of so many updates took on the rank that took the longest.
  private func seconds(since before: Stopwatch, updates: Int = 1) throws -> StepSeconds? {
    guard course.measures.contains(.seconds) else { return nil }
    let own = StepSeconds(from: before, to: learner.watch, updates: updates)
    guard ranks.count > 1 else { return own }
    var all = Array(repeating: own, count: ranks.count)
    try ranks.gather(&all, parts: (0..<ranks.count).map { $0..<$0 + 1 })
    return all.max { $0.passes + $0.perUpdate < $1.passes + $1.perUpdate }
  }

  /// Passes some of a batch's micro-batches forward and backward.
  private func pass(
    _ microBatches: Range<Int>, of batch: ArraySlice<Int>, _ epoch: Int, _ work: HostWork
  ) throws {
    // Who has nothing to pass can be asked to stop, too.
    try learner.stop.check()
    let size = options.microBatchSize(in: batch.count)
    for index in microBatches {
      let microBatch = batch.dropFirst(index * size).prefix(size)
      prepare(microBatch, epoch: epoch, work)
      try learner.accumulate(
        images: work.images.pointer, labels: work.labels.pointer, count: microBatch.count,
        share: Double(microBatch.count) / Double(batch.count))
    }
  }

  /// Has all ranks see that training diverged on one of them: what follows is no end of the job.
  private func shareDivergence(_ own: TrainingError?) throws {
    if ranks.count > 1 {
      var flags = Array(repeating: Int32(own == nil ? 0 : 1), count: ranks.count)
      try ranks.gather(&flags, parts: (0..<ranks.count).map { $0..<$0 + 1 })
      if own == nil, flags.contains(1) { throw Learner<Float>.diverged("the loss of another rank") }
    }
    if let own { throw own }
  }

  /// Says in which epoch and update training diverged.
  private func locating<Result>(_ epoch: Int, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as TrainingError {
      throw error.at("epoch \(epoch + 1), update \(state.updates + 1)")
    }
  }

  private func prepare(_ indices: ArraySlice<Int>, epoch: Int, _ work: HostWork) {
    let start = ContinuousClock.now
    work.writer.write(
      indices, epoch: epoch, images: work.images.pointer, labels: work.labels.pointer,
      on: work.executor)
    learner.watch.data += ContinuousClock.now.seconds(since: start)
  }
}

extension StepSeconds {
  /// Of one of so many updates between two looks at a watch.
  fileprivate init(from before: Stopwatch, to now: Stopwatch, updates: Int) {
    func past(_ part: KeyPath<Stopwatch, Double>) -> Double {
      (now[keyPath: part] - before[keyPath: part]) / Double(updates)
    }
    self.init(
      passes: past(\.forward) + past(\.backward) + past(\.data),
      perUpdate: past(\.update) + past(\.communication))
  }
}

extension Result<Void, any Error> {
  /// Takes the failure out where it is that training diverged, which leaves a success.
  fileprivate mutating func takeDivergence() -> TrainingError? {
    guard case .failure(let error as TrainingError) = self, error.code == .diverged else {
      return nil
    }
    self = .success(())
    return error
  }
}
