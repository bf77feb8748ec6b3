/// Where a training is, right after a weight update.
public struct UpdateReport: Codable, Sendable, Equatable {
  /// The epoch that is under way, counted from 1.
  public var epoch: Int
  /// Images of this epoch that have entered an update.
  public var imagesIntoEpoch: Int
  /// Images in one weight update, over all ranks; the last one of an epoch may have fewer.
  public var batchSize: Int
  public var learningRate: Double
  /// Weight updates since the run began.
  public var updates: Int
  /// Images that have entered an update since the run began.
  public var samplesSeen: Int
  /// Mean loss of this epoch's images so far, each as it was when it entered an update.
  public var trainLoss: Double
  /// Images of this epoch so far that were classified right, in percent.
  public var trainAccuracy: Double

  public init(
    epoch: Int, imagesIntoEpoch: Int, batchSize: Int, learningRate: Double, updates: Int,
    samplesSeen: Int, trainLoss: Double, trainAccuracy: Double
  ) {
    self.epoch = epoch
    self.imagesIntoEpoch = imagesIntoEpoch
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.updates = updates
    self.samplesSeen = samplesSeen
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
  }
}
