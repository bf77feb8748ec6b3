import Executors
import Experiments
import ImageData
import RunRecords
import Training

/// The reference's one-device recipe, with changes.
func settings(_ change: (inout TrainingSettings) -> Void = { _ in }) -> TrainingSettings {
  var settings = TrainingSettings(
    dataset: "cifar10", data: nil, network: "resnet20", classes: 10, policy: "adabatch",
    epochs: 100, batchSize: 128, testBatch: 200, growthFactor: nil, growthInterval: nil,
    maxBatch: nil, learningRate: 0.01, decay: 0.75, momentum: 0.9, weightDecay: 5e-4,
    microBatch: .batch, dropLast: true, seed: 1, threads: 1)
  change(&settings)
  return settings
}

/// A plan whose memory is the reference executor's, which refuses nothing.
func plan(
  images: DatasetOutline? = nil, _ change: (inout TrainingSettings) -> Void = { _ in }
) throws -> TrainingPlan {
  try TrainingPlan(settings(change), images: images, executor: ReferenceExecutor<Float>())
}

/// So many training images of CIFAR's shape.
func images(_ trainingCount: Int, test testCount: Int = 10) -> DatasetOutline {
  DatasetOutline(
    name: "some", classCount: 10, trainingCount: trainingCount, testCount: testCount,
    imageDimensions: [3, 32, 32])
}
