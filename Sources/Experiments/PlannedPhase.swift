import BatchPolicies
import Training

/// A stretch of epochs with one batch size and one learning rate, and all that follows from them.
public struct PlannedPhase: Codable, Sendable, Equatable {
  /// The first and the last epoch, counted from 1.
  public let firstEpoch: Int
  public let lastEpoch: Int
  /// Images in one weight update, over all ranks.
  public let batchSize: Int
  /// Images that pass forward and backward together on one rank.
  public let microBatch: Int
  /// Micro-batches in a full update, a short last one included.
  public let microBatches: Int
  /// Images in the last micro-batch of a full update.
  public let lastMicroBatch: Int
  public let learningRate: Double
  /// Learning rate over batch size, on which the noise of SGD depends.
  public let ratePerImage: Double
  public let updatesPerEpoch: Int
  /// Images in the last update of each epoch; fewer than ``batchSize`` where it is short.
  public let lastUpdate: Int
  /// Weight updates in all of these epochs.
  public let updates: Int
  /// Images that enter an update in all of these epochs.
  public let images: Int
  /// Images that are left out, for they do not fill a last batch, in all of these epochs.
  public let imagesDropped: Int
  public let memory: TrainingMemory
  /// The policy's reason, in a line.
  public let reason: String
  /// How several ranks share a full update; nil for one.
  public private(set) var shared: SharedUpdate?
  /// Seconds of training and evaluation; nil where nothing was measured.
  public private(set) var predictedSeconds: Double?

  init(_ phase: Phase, _ outline: TrainingOutline, memory: TrainingMemory) {
    (firstEpoch, lastEpoch) = (phase.epochs.lowerBound + 1, phase.epochs.upperBound)
    batchSize = phase.batchSize
    microBatch = outline.options.microBatchSize(in: phase.batchSize)
    microBatches = outline.options.shares(of: phase.batchSize).count
    lastMicroBatch = phase.batchSize - (microBatches - 1) * microBatch
    learningRate = outline.options.rate(in: phase)
    ratePerImage = learningRate / Double(phase.batchSize)
    updatesPerEpoch = phase.updatesPerEpoch
    lastUpdate = phase.samplesPerEpoch - (updatesPerEpoch - 1) * phase.batchSize
    updates = phase.updates
    images = phase.samples
    imagesDropped = phase.epochs.count * (outline.plan.imageCount - phase.samplesPerEpoch)
    self.memory = memory
    reason = phase.reason
    shared = outline.options.ranks == 1 ? nil : SharedUpdate(of: phase.batchSize, in: outline)
  }

  public var epochs: Int { lastEpoch - firstEpoch + 1 }

  /// - Parameter isNewSize: whether its program is compiled and its memory touched for it.
  func predicted(
    by measurement: StepMeasurement, testCount: Int, isNewSize: Bool
  ) -> PlannedPhase {
    guard let size = measurement.batchSizes.first(where: { $0.batchSize == batchSize }) else {
      return self
    }
    var phase = self
    let training = Double(images) / size.imagesPerSecond
    let evaluation =
      Double(epochs) * Double(testCount) / measurement.evaluationImagesPerSecond
    phase.predictedSeconds = training + evaluation + (isNewSize ? size.switchSeconds : 0)
    return phase
  }

  /// - Parameters:
  ///   - update: of a full update.
  ///   - seconds: of all epochs of the phase.
  func predicted(_ update: UpdateSeconds, _ seconds: TrainingSeconds) -> PlannedPhase {
    var phase = self
    phase.shared = shared?.predicted(update)
    phase.predictedSeconds = seconds.all
    return phase
  }
}
