import BatchPolicies
import Communication
import Executors
import NetworkGraph
import Networks
import Synchronization

/// A network being trained: its weights, its optimizer, its programs, and how an update is made.
///
/// An update is one or more micro-batches, each passed forward and backward, and then one step of
/// the optimizer. Nothing of an update touches weights or running statistics before that step.
public final class Learner<Scalar: TensorScalar> {
  public let graph: Graph
  public let weights: Weights<Scalar>
  public let optimizer: SGD<Scalar>
  /// Seconds spent in the parts of updates.
  public var watch = Stopwatch()
  /// Ends the pass that is running; what is accumulated is then to be abandoned.
  public let stop: StopRequest
  /// Who makes each update together.
  public let ranks: Ranks
  /// Whether ``gradientNorms`` are measured.
  public var measuresGradients = false
  /// Of the newest update; nil where they were not measured, or where it was one micro-batch.
  public private(set) var gradientNorms: GradientNorms?

  private let executor: any Executor<Scalar>
  private let programs: ProgramShelf<Scalar>
  private var statistics: StagedStatistics<Scalar>
  private var gradientSum: GradientSum<Scalar>
  /// The update's micro-batches that this rank has passed.
  private var passed = PassedMicroBatches<Scalar>()
  private var exchange: GradientExchange<Scalar>

  /// - Parameters:
  ///   - graph: of `ImageClassifier.trainingGraph()`.
  ///   - parameters: first values, in the graph's order.
  public init(
    _ graph: Graph, _ executor: any Executor<Scalar>, parameters: [Scalar],
    optimizer: SGD<Scalar>, ranks: Ranks = Ranks(), stop: StopRequest = StopRequest()
  ) {
    self.graph = graph
    self.stop = stop
    self.ranks = ranks
    self.optimizer = optimizer
    self.executor = executor
    weights = Weights(parameters: parameters, statistics: graph.initialStatistics())
    programs = ProgramShelf(graph, executor)
    statistics = StagedStatistics(graph.statistics)
    gradientSum = GradientSum(count: graph.parameterCount, executor)
    exchange = GradientExchange(count: graph.parameterCount, executor)
  }

  /// Micro-batches that have entered the running statistics.
  public var microBatchesTracked: Int { statistics.microBatchesTracked }

  /// Counts micro-batches whose updates were made elsewhere.
  func count(microBatches count: Int) { statistics.microBatchesTracked += count }

  /// Goes on counting from where a checkpoint was written.
  func restore(microBatchesTracked: Int) { statistics.microBatchesTracked = microBatchesTracked }

  /// Compiles the program for so many images now, so that memory which is not there is known.
  public func reserve(imageCount: Int) throws { _ = try program(for: imageCount) }

  /// The program for so many images, compiled the first time.
  public func program(for imageCount: Int) throws -> any Program<Scalar> {
    try programs.program(for: imageCount)
  }

  /// The programs that have been compiled, smaller ones first.
  public var compiledPrograms: [any Program<Scalar>] { programs.compiled }

  /// Starts an update anew; what an abandoned one has accumulated is forgotten.
  ///
  /// - Parameter shares: the micro-batches that each rank passes; one rank need not say.
  public func beginUpdate(_ shares: MicroBatchShares? = nil) {
    precondition(shares != nil || ranks.count == 1, "several ranks share an update")
    gradientSum.begin(at: shares?[ranks.own].lowerBound ?? 0)
    passed.begin(shares)
    statistics.begin(weights)
  }

  /// Passes one micro-batch forward and backward and adds its share to the update's gradient.
  ///
  /// - Parameters:
  ///   - images: `[count, C, H, W]`, normalised.
  ///   - labels: `[count]`.
  ///   - share: the part of the update's images that are in this micro-batch.
  /// - Throws: ``TrainingError`` with code `diverged` when the loss is not finite, `ExecutorError`
  ///   with code `stopped` when ``stop`` is made. The update can only be begun anew then; weights
  ///   and statistics are as before it.
  @discardableResult
  public func accumulate(
    images: UnsafePointer<Scalar>, labels: UnsafePointer<Int32>, count: Int, share: Double
  ) throws -> Score {
    let program = try watch.time(\.switching) { try self.program(for: count) }
    let feed = Feed(
      inputs: [ImageClassifier.imagesInput: images], labels: labels, stop: stop)
    var score = Score()
    try watch.time(\.forward) {
      try program.forward(feed, weights: weights)
      score.add(program, labels: labels)
    }
    // A ReLU turns NaN into 0, so a loss can be finite where an activation is not.
    let batchStatistics = program.batchStatistics()
    guard score.meanLoss.isFinite, batchStatistics.allSatisfy(\.isFinite) else {
      throw Self.diverged("the loss is not a finite number")
    }
    let gradient = gradientSum.takeBuffer()
    try watch.time(\.backward) { try program.backward(into: gradient.pointer) }
    watch.time(\.update) {
      let square = measuresGradients ? share * squaredLength(gradient) : nil
      gradientSum.add(gradient, weight: Scalar(share))
      passed.add(score, batchStatistics, square: square)
    }
    return score
  }

  /// Changes weights and running statistics by what all ranks have accumulated.
  ///
  /// - Returns: the score of all images of the update, before it.
  /// - Throws: ``TrainingError`` with code `diverged` when the gradient is not finite; nothing is
  ///   changed then. `CommunicationError` between ranks.
  @discardableResult
  public func finishUpdate(learningRate: Double) throws -> Score {
    // One rank only joins its own sums.
    let part = ranks.count > 1 ? \Stopwatch.communication : \Stopwatch.update
    let gradient = try watch.time(part) { try sumOverRanks() }
    defer { gradientSum.recycle(gradient) }
    return try watch.time(\.update) {
      guard isFinite(gradient) else { throw Self.diverged("the gradient is not finite") }
      gradientNorms = norms(of: gradient)
      executor.divide(gradient.count) { part in
        optimizer.step(
          weights.parameters, gradient: gradient.pointer, learningRate: learningRate, in: part)
      }
      passed.statistics.forEach { statistics.add($0) }
      statistics.apply(to: weights)
      weights.markChanged()
      return passed.score
    }
  }

  /// Brings together what all ranks have passed, in the order of micro-batches.
  private func sumOverRanks() throws -> Buffer<Scalar> {
    guard ranks.count > 1, let shares = passed.shares else { return gradientSum.finish() }
    try passed.gather(
      over: ranks, width: graph.statisticCount, measuresGradients: measuresGradients)
    return try exchange.sum(&gradientSum, shares, ranks)
  }

  private func norms(of gradient: Buffer<Scalar>) -> GradientNorms? {
    guard measuresGradients, passed.squares.count > 1 else { return nil }
    return GradientNorms(
      microBatches: passed.squares.count, meanOfSquares: passed.squares.reduce(0, +),
      squareOfMean: squaredLength(gradient))
  }

  private func squaredLength(_ gradient: Buffer<Scalar>) -> Double {
    executor.squaredLength(of: gradient)
  }

  static func diverged(_ what: String) -> TrainingError {
    TrainingError(
      .diverged, problem: "\(what): training has diverged; this update was not applied",
      fix: "use a smaller --learning-rate, or a smaller --batch-size")
  }

  /// Whether no element is infinite or not a number.
  private func isFinite(_ gradient: Buffer<Scalar>) -> Bool {
    let numbers = gradient.pointer
    let others = Atomic(0)
    executor.divide(gradient.count) { part in
      // Not stopped at the first, and as wide as a Float, so that it runs in vectors.
      var found: UInt32 = 0
      for index in part { found |= numbers[index].isFinite ? 0 : 1 }
      others.add(Int(found), ordering: .relaxed)
    }
    return others.load(ordering: .relaxed) == 0
  }
}
