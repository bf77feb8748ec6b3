import Executors
import ImageData
import NetworkGraph
import Networks

/// Scores weights on the test images, with running statistics and without augmentation.
public final class Evaluation {
  private let programs: ProgramShelf<Float>
  private let writer: BatchWriter
  private let batch: Int
  private let images: Buffer<Float>
  private let labels: Buffer<Int32>
  private let stop: StopRequest?

  /// - Parameters:
  ///   - graph: of `ImageClassifier.evaluationGraph()`, with as many classes as the data set.
  ///   - batch: images that pass together; another number may round differently.
  ///   - stop: ends a pass that is running.
  public init(
    _ graph: Graph, _ executor: any Executor<Float>, _ dataset: Dataset, batch: Int,
    stop: StopRequest? = nil
  ) {
    self.stop = stop
    let set = dataset.test
    precondition(
      graph.outputs[ImageClassifier.logitsOutput].map { graph.type(of: $0).dimensions }
        == [set.classCount], "a network for another number of classes")
    programs = ProgramShelf(graph, executor)
    writer = BatchWriter(images: set, normalization: dataset.normalization)
    self.batch = min(batch, set.imageCount)
    images = Buffer(repeating: 0, count: self.batch * set.channels * set.height * set.width)
    labels = Buffer(repeating: 0, count: self.batch)
  }

  /// Compiles the program now, so that memory which is not there is known.
  public func reserve() throws { _ = try programs.program(for: batch) }

  /// The programs that have been compiled, smaller ones first.
  var compiledPrograms: [any Program<Float>] { programs.compiled }

  /// Passes all test images.
  ///
  /// - Parameter onImage: called with each image's label and how many classes are more likely.
  /// - Throws: `ExecutorError`.
  public func score(
    _ weights: Weights<Float>, onImage: (_ label: Int, _ rank: Int) -> Void = { _, _ in }
  ) throws -> Score {
    var score = Score()
    var order = EpochOrder(sequential: writer.images.imageCount)
    while let indices = order.next(batch) { try add(indices, weights, to: &score, onImage) }
    return score
  }

  /// Seconds that each of `count` batches takes, and the images in one.
  func measure(
    _ weights: Weights<Float>, batches count: Int
  ) throws -> (seconds: [Double], images: Int) {
    var score = Score()
    let seconds = try (0..<count).map { _ in
      let start = ContinuousClock.now
      try add(Array(0..<batch)[...], weights, to: &score)
      return ContinuousClock.now.seconds(since: start)
    }
    return (seconds, batch)
  }

  private func add(
    _ indices: ArraySlice<Int>, _ weights: Weights<Float>, to score: inout Score,
    _ onImage: (_ label: Int, _ rank: Int) -> Void = { _, _ in }
  ) throws {
    writer.write(indices, epoch: 0, images: images.pointer, labels: labels.pointer)
    let program = try programs.program(for: indices.count)
    let feed = Feed(
      inputs: [ImageClassifier.imagesInput: UnsafePointer(images.pointer)],
      labels: UnsafePointer(labels.pointer), stop: stop)
    try program.forward(feed, weights: weights)
    score.add(program, labels: labels.pointer, onImage: onImage)
  }
}
