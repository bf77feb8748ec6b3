import BatchPolicies
import Communication
import ExecutorOneDNN
import Executors
import ImageData
import RunRecords
import Training

/// Grows by a few images at each decision, as many as the last bits of a measured gradient say: a
/// bit that differs anywhere shows in the batch sizes.
struct Climber: MeasuringPolicy {
  var start = 8
  var limit = 40
  /// What each growth multiplies the rate by.
  var rate = 0.9
  /// Whether the bits are those of measured seconds, which no two runs have alike.
  var goesByClock = false
  var measures: Measures { goesByClock ? [.gradientNorms, .seconds] : [.gradientNorms] }

  var sizes: ClosedRange<Int> { start...limit }

  func decision(for signals: Signals) -> BatchDecision {
    guard let current = signals.current else {
      return BatchDecision(batchSize: start, learningRateFactor: 1, reason: "the start")
    }
    // A short last update of an epoch may be a single micro-batch.
    let norms = signals.history.updates.compactMap(\.gradients).last
    // An update for which a program was compiled has no seconds.
    let seconds = signals.history.updates.compactMap(\.seconds).last
    let measured = goesByClock ? seconds?.passes : norms?.squareOfMean
    let step = measured.map { 1 + Int($0.bitPattern % 5) } ?? 1
    let top = min(limit, (signals.marked.min() ?? limit + 1) - 1)
    let size = min(current.batchSize + step, top)
    var evidence = Evidence(signal: "bits")
    evidence.value = measured
    return BatchDecision(
      batchSize: max(size, current.batchSize),
      learningRateFactor: size > current.batchSize
        ? current.learningRateFactor * rate : current.learningRateFactor,
      reason: "\(step) more", evidence: evidence)
  }
}

/// A short run whose batch size is decided while it trains.
struct MeasuredRun {
  var policy: any BatchPolicy = Climber()
  var shadows: [NamedPolicy] = []
  var options = TrainingOptions(
    epochs: 3, learningRate: 0.05, microBatch: .images(4), testBatch: 20, seed: 7, decideEvery: 3)
  var imageCount = 70

  func trainer(
    _ ranks: Ranks = Ranks(), stop: StopRequest = StopRequest(),
    executor: (any Executor<Float>)? = nil
  ) throws -> Trainer {
    try Trainer(
      NormedNetwork(), smallData(training: imageCount, test: 30), policy: policy,
      shadows: shadows, executor: executor ?? oneDNN, options: options, ranks: ranks, stop: stop)
  }

  /// What a training has come to.
  struct Result: Equatable {
    var weights: [UInt32] = []
    var decisions: [DecisionRecord] = []
    var shadows: [DecisionRecord] = []
    var updates: [UpdateReport] = []
    var epochs: [EpochRecord] = []
  }

  func result(_ ranks: Ranks = Ranks(), executor: (any Executor<Float>)? = nil) throws -> Result {
    let trainer = try trainer(ranks, executor: executor)
    var result = Result()
    try trainer.train(
      onEpoch: { result.epochs.append($0.withoutTimes) },
      onDecision: { result.decisions.append($0) }, onShadow: { result.shadows.append($0) },
      onUpdate: { result.updates.append($0) })
    result.weights = trainer.bits
    return result
  }

  /// Begins or goes on with the run in a folder.
  func begin(in folder: String, stop: StopRequest = StopRequest()) throws -> RecordedRun {
    let trainer = try trainer(stop: stop)
    let settings = ShortRun().settings
    guard exists(folder + "/run.yaml") else {
      return try RecordedRun(
        trainer, in: RunDirectory(creatingAt: folder), settings: settings,
        checkpoints: CheckpointRule(secondsBetween: nil))
    }
    let directory = try RunDirectory(opening: folder)
    return try RecordedRun(
      trainer, in: directory, settings: settings, from: directory.newestCheckpoint().found,
      checkpoints: CheckpointRule(secondsBetween: nil))
  }

  func finish(in folder: String) throws -> RunBits {
    let run = try begin(in: folder)
    try run.run()
    return try RunBits(folder)
  }
}

extension Trainer {
  /// Weights, running statistics and momentum.
  var bits: [UInt32] {
    (learner.weights.parameters.elements + learner.weights.statistics.elements
      + learner.optimizer.velocity.elements).map(\.bitPattern)
  }
}
