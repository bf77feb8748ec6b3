import Executors
import ImageData
import Training

extension StepMeasurement {
  /// Sizes that are measured in rounds: a machine that is slow for a while is so to all of them.
  struct Measured {
    /// Images per second.
    private(set) var evaluation = 0.0
    private var sizes: [(benchmark: StepBenchmark, switchSeconds: Double)] = []
    private let outline: TrainingOutline
    private let executor: any Executor<Float>
    /// Of one size in one round.
    private let seconds: Double
    private let dataset: Dataset
    private var learner: Learner<Float>?

    private static let rounds = 3

    /// - Parameter seconds: for each size, in all rounds together.
    init(_ outline: TrainingOutline, _ executor: any Executor<Float>, seconds: Double) {
      (self.outline, self.executor) = (outline, executor)
      self.seconds = seconds / Double(Self.rounds)
      dataset = SyntheticImages.make(
        classCount: outline.images.classCount, seed: 1, trainingCount: 2048,
        testCount: outline.testBatch)
    }

    var batchSizes: [BatchSize] {
      sizes.map { BatchSize($0.benchmark, switchSeconds: $0.switchSeconds) }
    }

    /// Adds a size, in its first round.
    mutating func add(_ batchSize: Int, microBatch: Int) throws {
      let benchmark = try StepBenchmark(
        outline.classifier, dataset, learner: try reservedLearner(), executor: executor,
        batchSize: batchSize, microBatch: microBatch, testBatch: outline.testBatch)
      try benchmark.measure(seconds: seconds)
      sizes.append((benchmark, benchmark.compileSeconds + benchmark.firstTouchSeconds))
      if evaluation == 0 { evaluation = try benchmark.evaluationImagesPerSecond() }
    }

    /// Measures in the rounds that are left what can be waited for.
    func repeatRounds() throws {
      for _ in 1..<Self.rounds {
        for (benchmark, _) in sizes where median(benchmark.steps.map(\.total)) < 10 * seconds {
          try benchmark.measure(seconds: seconds)
        }
      }
    }

    private mutating func reservedLearner() throws -> Learner<Float> {
      if let learner { return learner }
      let made = try StepBenchmark.makeLearner(outline.classifier, executor)
      // As a training does, so that a larger size touches only what it has more.
      try made.reserve(imageCount: outline.largestMicroBatch)
      learner = made
      return made
    }
  }
}

extension StepBenchmark {
  fileprivate func evaluationImagesPerSecond() throws -> Double {
    let measured = try measureEvaluation(batches: 5)
    return Double(measured.images) / median(measured.seconds)
  }
}
