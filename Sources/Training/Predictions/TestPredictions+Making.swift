import Executors
import ImageData
import RunRecords

extension TestPredictions {
  /// Images of which the bytes are kept: enough for a page to show.
  private static let shownImages = 24

  /// Puts together what a network made of the test images.
  ///
  /// - Precondition: `scores` has one of each test image, in their order.
  public init(_ scores: [ImageScore], of dataset: Dataset) {
    let images = dataset.test
    precondition(scores.count == images.imageCount, "scores of other images")
    let worst = scores.indices.sorted { left, right in
      let (loss, other) = (scores[left].loss, scores[right].loss)
      // What is not a number is the worst of all.
      if loss.isNaN || other.isNaN { return loss.isNaN && (!other.isNaN || left < right) }
      return loss == other ? left < right : loss > other
    }
    .prefix(Self.shownImages)
    self.init(
      classNames: dataset.classNames, labels: scores.map { Int($0.label) },
      predictions: scores.map { Int($0.prediction) }, losses: scores.map(\.loss),
      worst: Array(worst), imageShape: [images.channels, images.height, images.width],
      worstImages: worst.flatMap { images.withPixels(of: $0, Array.init) })
  }

  /// Scores the final weights of a run that is finished, as the run itself did.
  ///
  /// - Parameters:
  ///   - settings: of the run.
  ///   - dataset: the images that `settings` name.
  /// - Throws: `FileError` for weights that cannot be read, or are another network's,
  ///   `ExecutorError` for too little memory or a stop.
  public init(
    scoring run: RunDirectory, _ settings: TrainingSettings, on dataset: Dataset,
    on computing: Computing, stop: StopRequest? = nil
  ) throws {
    let graph = try settings.outline(images: dataset.outline).evaluationGraph
    let weights = try Weights(readingFrom: run.file(RunDirectory.modelFile), for: graph)
    let scorer = try computing.scorer(graph, dataset, batch: settings.testBatch, stop: stop)
    var scores: [ImageScore] = []
    _ = try scorer.score(weights) { scores.append($0) }
    self.init(scores, of: dataset)
  }
}

extension Trainer {
  /// Scores the weights on the test images, and keeps what they make of each.
  func scoreTestImages() throws -> Score {
    switch work {
    case .host(let work):
      var scores: [ImageScore] = []
      let score = try work.evaluation.score(learner.weights) { scores.append($0) }
      testScores = scores
      return score
    case .carried(let work):
      testScores = try work.score()
      return Score(testScores)
    }
  }
}
