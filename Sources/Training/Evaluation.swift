import Communication
import Executors
import ImageData
import NetworkGraph
import Networks

/// Scores weights on the test images, with running statistics and without augmentation.
///
/// Ranks share the images; all of them get the score of all, to the bits of one rank.
public final class Evaluation: WeightScorer {
  private let executor: any Executor<Float>
  private let programs: ProgramShelf<Float>
  private let writer: BatchWriter
  private let batch: Int
  private let images: Buffer<Float>
  private let labels: Buffer<Int32>
  private let ranks: Ranks
  private let stop: StopRequest?

  /// - Parameters:
  ///   - graph: of `ImageClassifier.evaluationGraph()`, with as many classes as the data set.
  ///   - batch: images that pass together; another number may round differently.
  ///   - stop: ends a pass that is running.
  public init(
    _ graph: Graph, _ executor: any Executor<Float>, _ dataset: Dataset, batch: Int,
    ranks: Ranks = Ranks(), stop: StopRequest? = nil
  ) {
    self.ranks = ranks
    self.stop = stop
    let set = dataset.test
    precondition(
      graph.outputs[ImageClassifier.logitsOutput].map { graph.type(of: $0).dimensions }
        == [set.classCount], "a network for another number of classes")
    self.executor = executor
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
  /// - Parameter onImage: called with what is made of each image, in the order of the images.
  /// - Throws: `ExecutorError`, with code `stopped` when that was requested of any rank;
  ///   `RankFailure` when another one has failed.
  public func score(
    _ weights: Weights<Float>, onImage: (ImageScore) -> Void = { _ in }
  ) throws -> Score {
    let imageCount = writer.images.imageCount
    let shares = MicroBatchShares(count: (imageCount + batch - 1) / batch, ranks: ranks.count)
    var scores = Array(repeating: Score(), count: shares.count)
    let nothing = ImageScore(label: 0, prediction: 0, place: 0, loss: 0)
    var scored = Array(repeating: nothing, count: imageCount)
    try ranks.together {
      for index in shares[ranks.own] {
        var image = index * batch
        let indices = Array(image..<min(image + batch, imageCount))
        try add(indices[...], weights, to: &scores[index]) { score in
          scored[image] = score
          image += 1
        }
      }
    }
    try ranks.gather(&scores, parts: shares.all)
    try ranks.gather(
      &scored,
      parts: shares.all.map {
        min($0.lowerBound * batch, imageCount)..<min($0.upperBound * batch, imageCount)
      })
    scored.forEach(onImage)
    return scores.reduce(into: Score()) { $0.add($1) }
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
    _ onImage: (ImageScore) -> Void = { _ in }
  ) throws {
    writer.write(
      indices, epoch: 0, images: images.pointer, labels: labels.pointer, on: executor)
    let program = try programs.program(for: indices.count)
    let feed = Feed(
      inputs: [ImageClassifier.imagesInput: UnsafePointer(images.pointer)],
      labels: UnsafePointer(labels.pointer), stop: stop)
    try program.forward(feed, weights: weights)
    score.add(program, labels: labels.pointer, onImage: onImage)
  }
}
