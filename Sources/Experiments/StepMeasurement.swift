import Executors
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
  /// Measures updates of every size in a plan; of a plan for several ranks, micro-batches of one
  /// rank, each as an update of its own.
  ///
  /// - Parameters:
  ///   - scaling: whether fewer ranks are of interest too, which pass larger micro-batches. Those
  ///     that there is no memory for are left out.
  ///   - seconds: for each size, in three rounds over all sizes; one update at least is measured,
  ///     after one that is not, and no more of those that take very long.
  ///   - onBatchSize: called before each.
  /// - Throws: `ExecutorError` for memory that is not there.
  public init(
    _ plan: TrainingPlan, executor: any Executor<Float>, scaling: Bool = false,
    seconds: Double = 1.5, onBatchSize: (Int) -> Void = { _ in }
  ) throws {
    let outline = try plan.settings.outline(images: plan.images, ranks: plan.ranks ?? 1)
    var measured = Measured(outline, executor, seconds: seconds)
    for size in try plan.measuredSizes(scaling: scaling) {
      onBatchSize(size.images)
      do {
        try measured.add(size.images, microBatch: size.microBatch)
      } catch let error as ExecutorError where scaling && error.code == .outOfMemory {
        // Of fewer ranks; the plan's own are smaller, and there.
        break
      }
    }
    try measured.repeatRounds()
    self.init(
      machine: .current, threads: plan.settings.threads,
      evaluationImagesPerSecond: measured.evaluation, batchSizes: measured.batchSizes)
  }
}

extension StepMeasurement.BatchSize {
  init(_ benchmark: StepBenchmark, switchSeconds: Double) {
    self.init(
      batchSize: benchmark.batchSize, microBatch: benchmark.microBatch,
      steps: benchmark.steps.count, stepSeconds: median(benchmark.steps.map(\.total)),
      switchSeconds: switchSeconds)
  }
}

/// The middle value, the lower one of two.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2]
}
