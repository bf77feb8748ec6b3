import Executors
import ImageData
import RunRecords
import Training

/// How fast updates of several sizes are here: short runs on synthetic images.
public struct StepMeasurement: Codable, Sendable, Equatable {
  /// Updates of one size.
  public struct BatchSize: Codable, Sendable, Equatable {
    public let batchSize: Int
    public let microBatch: Int
    /// Updates that were measured.
    public let steps: Int
    /// The median.
    public let stepSeconds: Double
    public let imagesPerSecond: Double
    /// What going over to this size costs once: its program compiled, its memory touched first.
    public let switchSeconds: Double

    package init(
      batchSize: Int, microBatch: Int, steps: Int, stepSeconds: Double, switchSeconds: Double
    ) {
      self.batchSize = batchSize
      self.microBatch = microBatch
      self.steps = steps
      self.stepSeconds = stepSeconds
      self.switchSeconds = switchSeconds
      imagesPerSecond = Double(batchSize) / stepSeconds
    }
  }

  public let machine: Machine
  public let threads: Int
  public let evaluationImagesPerSecond: Double
  public let batchSizes: [BatchSize]

  package init(
    machine: Machine, threads: Int, evaluationImagesPerSecond: Double, batchSizes: [BatchSize]
  ) {
    self.machine = machine
    self.threads = threads
    self.evaluationImagesPerSecond = evaluationImagesPerSecond
    self.batchSizes = batchSizes
  }
}

extension StepMeasurement {
  /// Measures updates of every size in a plan.
  ///
  /// - Parameters:
  ///   - seconds: for each size; one update at least is measured, after one that is not.
  ///   - onBatchSize: called before each.
  /// - Throws: `ExecutorError` for memory that is not there.
  public init(
    _ plan: TrainingPlan, executor: any Executor<Float>, seconds: Double = 1.5,
    onBatchSize: (Int) -> Void = { _ in }
  ) throws {
    let outline = try plan.settings.outline(images: plan.images)
    let dataset = SyntheticImages.make(
      classCount: plan.settings.classes, seed: 1, trainingCount: 2048,
      testCount: outline.testBatch)
    let learner = try StepBenchmark.makeLearner(outline.classifier, executor)
    // As a training does, so that a larger size touches only what it has more.
    try learner.reserve(imageCount: outline.largestMicroBatch)
    var sizes: [BatchSize] = []
    var evaluation = 0.0
    for size in Set(plan.run.phases.map(\.batchSize)).sorted() {
      onBatchSize(size)
      let benchmark = try StepBenchmark(
        outline.classifier, dataset, learner: learner, executor: executor, batchSize: size,
        microBatch: outline.options.microBatchSize(in: size), testBatch: outline.testBatch)
      try benchmark.measure(seconds: seconds)
      sizes.append(BatchSize(benchmark))
      if evaluation == 0 { evaluation = try benchmark.evaluationImagesPerSecond() }
    }
    self.init(
      machine: .current, threads: plan.settings.threads, evaluationImagesPerSecond: evaluation,
      batchSizes: sizes)
  }
}

extension StepMeasurement.BatchSize {
  fileprivate init(_ benchmark: StepBenchmark) {
    self.init(
      batchSize: benchmark.batchSize, microBatch: benchmark.microBatch,
      steps: benchmark.steps.count, stepSeconds: median(benchmark.steps.map(\.total)),
      switchSeconds: benchmark.compileSeconds + benchmark.firstTouchSeconds)
  }
}

extension StepBenchmark {
  fileprivate func evaluationImagesPerSecond() throws -> Double {
    let measured = try measureEvaluation(batches: 5)
    return Double(measured.images) / median(measured.seconds)
  }
}

/// The middle value, the lower one of two.
private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2]
}
