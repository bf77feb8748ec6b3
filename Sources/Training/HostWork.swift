import Communication
import Executors
import ImageData

/// What this machine's processor needs to make updates and to score weights.
final class HostWork {
  let evaluation: Evaluation
  let executor: any Executor<Float>
  let writer: BatchWriter
  let images: Buffer<Float>
  let labels: Buffer<Int32>

  /// - Throws: `ExecutorError` where the memory for the largest micro-batch is missing.
  init(
    _ outline: TrainingOutline, _ dataset: Dataset, _ learner: Learner<Float>,
    _ executor: any Executor<Float>
  ) throws {
    let (options, set) = (outline.options, dataset.training)
    self.executor = executor
    evaluation = Evaluation(
      outline.evaluationGraph, executor, dataset, batch: options.testBatch, ranks: learner.ranks,
      stop: learner.stop)
    writer = BatchWriter(
      images: set, normalization: dataset.normalization, augmentation: .reference,
      seed: options.seed)
    let largest = outline.largestMicroBatch
    // The largest batch may come hours from now: memory that is not there is refused here.
    try outline.advising { try learner.reserve(imageCount: largest) }
    try evaluation.reserve()
    images = Buffer(repeating: 0, count: largest * set.channels * set.height * set.width)
    labels = Buffer(repeating: 0, count: largest)
  }
}
