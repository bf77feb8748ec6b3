import Executors
import ImageData
import NetworkGraph
import Networks

/// Measures updates of a network on an accelerator, as the trainer has them made.
public final class CarriedBenchmark {
  public let batch: DeviceBatch
  /// Seconds to write, compile and load the programs, with those that time the passes; less where
  /// they were in a cache.
  public let compileSeconds: Double
  /// Seconds of one update, a number for each call.
  public private(set) var updateSeconds: [Double] = []
  public let passSeconds: PassSeconds
  /// Updates that were measured.
  public private(set) var updates = 0

  private let device: any DeviceTraining
  private let dataset: Dataset
  private let choices: [ImageChoice]

  /// - Parameter dataset: of at least a batch of images; a call makes as many updates as that has
  ///   batches.
  /// - Throws: `ExecutorError` for what the device has no memory for.
  public init(
    _ classifier: ImageClassifier, _ dataset: Dataset, on accelerator: any Accelerator,
    _ batch: DeviceBatch
  ) throws {
    (self.dataset, self.batch) = (dataset, batch)
    let graph = try classifier.trainingGraph()
    device = try accelerator.prepare(
      CarriedTraining(
        graph, try classifier.evaluationGraph(), dataset,
        training: CarriedTraining.Images(dataset.training), momentum: 0.9, weightDecay: 5e-4))
    let start = ContinuousClock.now
    try device.reserve([batch])
    compileSeconds = ContinuousClock.now.seconds(since: start)
    try device.load(
      DeviceState(
        parameters: graph.initialParameters(seed: 1),
        velocity: Array(repeating: 0, count: graph.parameterCount),
        statistics: graph.initialStatistics()))
    passSeconds = try device.passSeconds(batch)
    let count = max(1, dataset.training.imageCount / batch.images) * batch.images
    choices = (0..<count).map {
      ImageChoice(image: $0 % dataset.training.imageCount, down: 1, right: -1, mirrored: false)
    }
  }

  /// Makes calls for about so many seconds; the first is not counted.
  public func measure(seconds: Double) throws {
    _ = try device.update(choices, batch, rate: 1e-4)
    let start = ContinuousClock.now
    repeat {
      let before = ContinuousClock.now
      _ = try device.update(choices, batch, rate: 1e-4)
      let count = choices.count / batch.images
      updateSeconds.append(ContinuousClock.now.seconds(since: before) / Double(count))
      updates += count
    } while ContinuousClock.now.seconds(since: start) < seconds
  }

  /// Seconds that each of `count` evaluations takes, and the images in one; the first is not
  /// counted.
  public func measureEvaluation(_ count: Int) throws -> (seconds: [Double], images: Int) {
    _ = try device.score()
    let seconds = try (0..<count).map { _ in
      let start = ContinuousClock.now
      _ = try device.score()
      return ContinuousClock.now.seconds(since: start)
    }
    return (seconds, dataset.test.imageCount)
  }
}
