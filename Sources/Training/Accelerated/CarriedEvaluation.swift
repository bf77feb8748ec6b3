import Executors
import ImageData
import NetworkGraph

/// Scores weights on an accelerator.
final class CarriedEvaluation: WeightScorer {
  private let device: any DeviceTraining
  private let dataset: Dataset
  private let stop: StopRequest?

  init(
    _ graph: Graph, _ dataset: Dataset, _ accelerator: any Accelerator, _ stop: StopRequest?
  ) throws {
    (self.dataset, self.stop) = (dataset, stop)
    // Nothing is trained: no images for that, and no graph of its own.
    device = try accelerator.prepare(
      CarriedTraining(
        graph, graph, dataset, training: CarriedTraining.Images(pixels: [], labels: [])))
    try device.reserve([])
  }

  func score(
    _ weights: Weights<Float>, onImage: (ImageScore) -> Void
  ) throws -> Score {
    try stop?.check()
    let parameters = weights.parameters.elements
    try device.load(
      DeviceState(
        parameters: parameters, velocity: parameters, statistics: weights.statistics.elements))
    let images = try device.imageScores(of: dataset)
    images.forEach(onImage)
    return Score(images)
  }
}

extension DeviceTraining {
  /// What the state on the device makes of each test image, in their order.
  func imageScores(of dataset: Dataset) throws -> [ImageScore] {
    let (logits, losses) = try score()
    let classes = logits.count / max(1, losses.count)
    return losses.enumerated().map { image, loss in
      ImageScore(
        label: dataset.test.label(of: image), loss: loss,
        logits: logits[image * classes..<(image + 1) * classes])
    }
  }
}
