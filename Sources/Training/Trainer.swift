import BatchPolicies
import Executors
import ImageData
import NetworkGraph
import Networks
import RunRecords

/// Trains a network with a batch size that a policy decides, epoch by epoch.
///
/// The way of one update: order → images → augment → program (forward, loss, backward) → gradient
/// → optimizer → record. The batch size may change between epochs; weights, optimizer and data stay
/// where they are, and the next program is taken off the shelf.
///
/// The same options, build, CPU model and number of threads give the same bits.
public final class Trainer {
  public let options: TrainingOptions
  public let dataset: Dataset
  public let policy: any BatchPolicy
  /// What the policy will do, known before the run starts.
  public let plan: BatchPlan
  /// The network with its weights and optimizer.
  public let learner: Learner<Float>

  let evaluation: Evaluation
  let writer: BatchWriter
  let images: Buffer<Float>
  let labels: Buffer<Int32>
  var dataSeconds = 0.0
  var progress = Progress()

  /// What has been done so far.
  struct Progress {
    var updates = 0
    var samplesSeen = 0
    var bestAccuracy = 0.0
  }

  /// Prepares a training: builds the graphs, makes the first weights, reserves memory.
  ///
  /// - Throws: ``TrainingError`` or `PolicyError` for settings that cannot be trained with,
  ///   `GraphError` for a network that does not fit the images, `ExecutorError` when the largest
  ///   batch of the plan does not fit into memory.
  public init(
    _ network: any Layer, _ dataset: Dataset, policy: some BatchPolicy,
    executor: any Executor<Float>, options: TrainingOptions = TrainingOptions()
  ) throws {
    try options.validate()
    self.options = options
    self.dataset = dataset
    self.policy = policy
    let set = dataset.training
    plan = try BatchPlan(
      policy: policy, epochs: options.epochs, imageCount: set.imageCount,
      dropLast: options.dropLast)
    try options.refuseMicroBatch(above: plan.phases.map(\.batchSize).min() ?? 1)
    let classifier = ImageClassifier(
      network, imageDimensions: [set.channels, set.height, set.width],
      classes: set.classCount)
    let graph = try classifier.trainingGraph()
    learner = Learner(
      graph, executor, parameters: graph.initialParameters(seed: options.seed),
      optimizer: SGD(
        momentum: options.momentum, weightDecay: options.weightDecay,
        parameterCount: graph.parameterCount))
    evaluation = Evaluation(
      try classifier.evaluationGraph(), executor, dataset, batch: options.testBatch)
    writer = BatchWriter(
      images: set, normalization: dataset.normalization, augmentation: .reference,
      seed: options.seed)
    let sizes = options.microBatchSizes(in: plan)
    for size in sizes { try graph.verify(imageCount: size) }
    let largest = sizes.max() ?? 1
    images = Buffer(repeating: 0, count: largest * set.channels * set.height * set.width)
    labels = Buffer(repeating: 0, count: largest)
    // The largest batch may come hours from now: memory that is not there is refused here.
    do {
      try learner.reserve(imageCount: largest)
    } catch let error as ExecutorError {
      throw error.advising(smallestBatch: plan.phases.map(\.batchSize).min() ?? 1)
    }
    try evaluation.reserve()
  }

  /// Trains all epochs.
  ///
  /// - Parameters:
  ///   - onEpoch: called after each epoch.
  ///   - onDecision: called before the first epoch and whenever batch size or rate change.
  ///   - onUpdate: called after each weight update.
  /// - Throws: ``TrainingError`` with code `diverged` when the loss is not finite, before that
  ///   update changes anything; `ExecutorError`; what the callbacks throw.
  public func train(
    onEpoch: (EpochRecord) throws -> Void = { _ in },
    onDecision: (DecisionRecord) throws -> Void = { _ in },
    onUpdate: (UpdateReport) throws -> Void = { _ in }
  ) throws {
    precondition(progress.updates == 0, "a trainer trains once: make another one")
    for phase in plan.phases {
      for epoch in phase.epochs {
        if epoch == phase.epochs.lowerBound { try onDecision(decision(phase)) }
        try onEpoch(try trainEpoch(epoch, phase, onUpdate))
      }
    }
  }

  private func decision(_ phase: Phase) -> DecisionRecord {
    DecisionRecord(
      epoch: phase.epochs.lowerBound + 1, batchSize: phase.batchSize,
      microBatch: options.microBatchSize(in: phase.batchSize),
      learningRate: options.learningRate * phase.learningRateFactor, reason: phase.reason)
  }

  private func trainEpoch(
    _ epoch: Int, _ phase: Phase, _ onUpdate: (UpdateReport) throws -> Void
  ) throws -> EpochRecord {
    let start = ContinuousClock.now
    let rate = options.learningRate * phase.learningRateFactor
    learner.watch = Stopwatch()
    dataSeconds = 0
    var score = Score()
    var order = EpochOrder(
      imageCount: dataset.training.imageCount, seed: options.seed, epoch: epoch,
      dropLast: options.dropLast)
    while let batch = order.next(phase.batchSize) {
      score.add(try update(with: batch, epoch: epoch, learningRate: rate))
      try onUpdate(
        UpdateReport(
          epoch: epoch + 1, imagesIntoEpoch: score.images, batchSize: phase.batchSize,
          learningRate: rate, updates: progress.updates, samplesSeen: progress.samplesSeen,
          trainLoss: score.meanLoss, trainAccuracy: score.accuracy))
    }
    let trainingSeconds = ContinuousClock.now.seconds(since: start)
    let test = try evaluation.score(learner.weights)
    progress.bestAccuracy = max(progress.bestAccuracy, test.accuracy)
    return EpochRecord(
      epoch: epoch + 1, batchSize: phase.batchSize,
      microBatch: options.microBatchSize(in: phase.batchSize), learningRate: rate,
      updates: progress.updates, samplesSeen: progress.samplesSeen, trainLoss: score.meanLoss,
      trainAccuracy: score.accuracy, testLoss: test.meanLoss, testAccuracy: test.accuracy,
      bestAccuracy: progress.bestAccuracy, forwardSeconds: learner.watch.forward,
      backwardSeconds: learner.watch.backward, updateSeconds: learner.watch.update,
      dataSeconds: dataSeconds, switchSeconds: learner.watch.switching,
      epochSeconds: ContinuousClock.now.seconds(since: start),
      imagesPerSecond: Double(score.images) / trainingSeconds)
  }
}

extension ExecutorError {
  /// The same, with the options that make a training fit into memory.
  ///
  /// - Parameter smallestBatch: no micro-batch may be larger.
  fileprivate func advising(smallestBatch: Int) -> ExecutorError {
    guard let images = imagesThatFit else { return self }
    let microBatch = "--micro-batch \(min(images, smallestBatch))"
    return ExecutorError(
      code, problem: "in training, " + problem,
      fix: images < smallestBatch
        ? "use \(microBatch)" : "use \(microBatch), or let the batch grow to --max-batch \(images)",
      imagesThatFit: images)
  }
}
