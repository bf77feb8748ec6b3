import Executors
import ImageData
import NetworkGraph
import Networks
import RunRecords

/// Measures training steps of a network at one batch size, as the trainer makes them.
///
/// A step is one weight update: images prepared, passed forward and backward in micro-batches, and
/// the weights changed. The images are synthetic; what they show does not change the time.
public final class StepBenchmark {
  public let batchSize: Int
  public let microBatch: Int
  /// Seconds to build the program, which a changed batch size costs once.
  public let compileSeconds: Double
  /// Seconds by which the first step was longer than the fastest one: memory touched for the first
  /// time, pages that a larger program needs anew.
  public private(set) var firstTouchSeconds = 0.0
  public private(set) var steps: [StepTimes] = []
  /// The program of a whole micro-batch.
  public let program: any Program<Float>

  private var fastest = 0.0
  private let learner: Learner<Float>
  private let executor: any Executor<Float>
  private let evaluation: Evaluation
  private let writer: BatchWriter
  private let images: Buffer<Float>
  private let labels: Buffer<Int32>
  private let dataset: Dataset

  /// - Parameters:
  ///   - learner: of ``makeLearner(_:_:_:seed:)``, the same for several batch sizes of a network.
  ///   - microBatch: images that pass together; all of the batch unless given.
  /// - Throws: `ExecutorError` when there is not enough memory.
  public init(
    _ classifier: ImageClassifier, _ dataset: Dataset, learner: Learner<Float>,
    executor: any Executor<Float>, batchSize: Int, microBatch: Int? = nil, testBatch: Int = 200
  ) throws {
    self.batchSize = batchSize
    self.microBatch = microBatch ?? batchSize
    self.learner = learner
    self.dataset = dataset
    self.executor = executor
    let start = ContinuousClock.now
    program = try learner.program(for: self.microBatch)
    compileSeconds = ContinuousClock.now.seconds(since: start)
    writer = BatchWriter(
      images: dataset.training, normalization: dataset.normalization, augmentation: .reference,
      seed: 1)
    evaluation = Evaluation(
      try classifier.evaluationGraph(), executor, dataset, batch: testBatch)
    images = Buffer(
      repeating: 0, count: self.microBatch * classifier.imageDimensions.reduce(1, *))
    labels = Buffer(repeating: 0, count: self.microBatch)
  }

  /// A network with fresh weights, to be trained at several batch sizes.
  public static func makeLearner(
    _ classifier: ImageClassifier, _ executor: any Executor<Float>, seed: UInt64 = 1
  ) throws -> Learner<Float> {
    let graph = try classifier.trainingGraph()
    return Learner(
      graph, executor, parameters: graph.initialParameters(seed: seed),
      optimizer: SGD(momentum: 0.9, weightDecay: 5e-4, parameterCount: graph.parameterCount))
  }

  /// Runs steps that are not counted, at least three, so that memory is touched and caches are warm.
  ///
  /// The first is compared with the fastest of the others.
  public func warmUp(steps count: Int) throws {
    let first = try step()
    var rest: [StepTimes] = []
    for _ in 1..<max(3, count) { rest.append(try step()) }
    fastest = rest.map(\.total).min() ?? first.total
    firstTouchSeconds = max(0, first.total - fastest)
  }

  /// The programs that steps and evaluation have run.
  public var programs: (training: [any Program<Float>], evaluation: [any Program<Float>]) {
    // The learner may have programs for other benchmarks.
    let sizes = [microBatch, batchSize % microBatch]
    return (
      learner.compiledPrograms.filter { sizes.contains($0.imageCount) },
      evaluation.compiledPrograms
    )
  }

  /// Times that ``program`` has run in the steps that were measured.
  public var passes: Int { steps.count * (batchSize / microBatch) }

  /// Steps that take about so many seconds, going by the warm-up; 5 or more.
  public func stepsIn(seconds: Double) -> Int { max(5, Int(seconds / max(fastest, 1e-6))) }

  /// Runs a step that is not counted, then measures steps for about so many seconds, one at least.
  ///
  /// For large batches, of which few can be waited for.
  public func measure(seconds: Double) throws {
    let first = try step()
    let start = ContinuousClock.now
    repeat { steps.append(try step()) } while ContinuousClock.now.seconds(since: start) < seconds
    fastest = steps.map(\.total).min() ?? first.total
    firstTouchSeconds = max(0, first.total - fastest)
  }

  /// Runs and measures steps.
  public func measure(steps count: Int) throws {
    for _ in 0..<count { steps.append(try step()) }
  }

  /// Seconds that each of `count` batches takes to evaluate, and the images in one.
  public func measureEvaluation(batches count: Int) throws -> (seconds: [Double], images: Int) {
    // The first one compiles the program and touches its memory.
    let measured = try evaluation.measure(learner.weights, batches: count + 1)
    return (Array(measured.seconds.dropFirst()), measured.images)
  }

  private func step() throws -> StepTimes {
    learner.watch = Stopwatch()
    let start = ContinuousClock.now
    learner.beginUpdate()
    var done = 0
    while done < batchSize {
      let count = min(microBatch, batchSize - done)
      let indices = (done..<done + count).map { $0 % dataset.training.imageCount }
      let dataStart = ContinuousClock.now
      writer.write(
        indices[...], epoch: 0, images: images.pointer, labels: labels.pointer, on: executor)
      learner.watch.data += ContinuousClock.now.seconds(since: dataStart)
      try learner.accumulate(
        images: images.pointer, labels: labels.pointer, count: count,
        share: Double(count) / Double(batchSize))
      done += count
    }
    try learner.finishUpdate(learningRate: 1e-4)
    let watch = learner.watch
    return StepTimes(
      data: watch.data, forward: watch.forward, backward: watch.backward, update: watch.update,
      total: ContinuousClock.now.seconds(since: start))
  }
}

/// Seconds of one training step.
public struct StepTimes: Sendable, Equatable {
  /// Images chosen, augmented and normalised.
  public let data: Double
  /// Weights packed, loss included.
  public let forward: Double
  public let backward: Double
  /// Gradients added up, weights and running statistics changed.
  public let update: Double
  /// Everything from one update to the next.
  public let total: Double
}
