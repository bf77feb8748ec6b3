import Communication
import Executors
import ImageData
import NetworkGraph

/// Scores weights on test images.
public protocol WeightScorer: AnyObject {
  /// Passes all test images.
  ///
  /// - Parameter onImage: called with what is made of each image, in the order of the images.
  /// - Throws: `ExecutorError`, with code `stopped` when that was requested of any rank;
  ///   `RankFailure` when another one has failed.
  func score(
    _ weights: Weights<Float>, onImage: (ImageScore) -> Void
  ) throws -> Score
}

extension Computing {
  /// Prepares to score weights.
  ///
  /// - Parameters:
  ///   - graph: of `ImageClassifier.evaluationGraph()`, with as many classes as the data set.
  ///   - batch: images that pass together on a processor.
  /// - Throws: `ExecutorError` for memory that is not there.
  public func scorer(
    _ graph: Graph, _ dataset: Dataset, batch: Int, ranks: Ranks = Ranks(),
    stop: StopRequest? = nil
  ) throws -> any WeightScorer {
    switch self {
    case .host(let executor):
      let evaluation = Evaluation(graph, executor, dataset, batch: batch, ranks: ranks, stop: stop)
      try evaluation.reserve()
      return evaluation
    case .accelerator(let accelerator):
      return try CarriedEvaluation(graph, dataset, accelerator, stop)
    }
  }
}
