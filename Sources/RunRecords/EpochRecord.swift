/// What one epoch of training came to: a line of `epochs.jsonl`.
///
/// `updates`, `samplesSeen` and `bestAccuracy` are over the run so far, everything else is over the
/// epoch. Seconds are wall-clock time; forward, backward, update, data and switch are parts of the
/// training half of ``epochSeconds``, the rest of which is evaluation.
public struct EpochRecord: Codable, Sendable, Equatable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// Images in one weight update, over all ranks; the last size where it changed within the epoch.
  public var batchSize: Int
  /// Images that passed forward and backward together.
  public var microBatch: Int
  /// The learning rate of its updates, of the last ones where it changed within the epoch.
  public var learningRate: Double
  /// Weight updates since the run began.
  public var updates: Int
  /// Images that have entered an update since the run began.
  public var samplesSeen: Int

  /// Mean loss of the training images, each as it was when it entered an update.
  public var trainLoss: Double
  /// Training images classified right, in percent, seen as for the loss.
  public var trainAccuracy: Double
  /// Mean loss of the test images after the epoch.
  public var testLoss: Double
  /// Test images classified right after the epoch, in percent.
  public var testAccuracy: Double
  /// The highest test accuracy since the run began, in percent.
  public var bestAccuracy: Double

  public var forwardSeconds: Double
  public var backwardSeconds: Double
  /// Seconds in the optimizer.
  public var updateSeconds: Double
  /// Seconds that training waited for images.
  public var dataSeconds: Double
  /// Seconds spent on going over to another batch size.
  public var switchSeconds: Double
  /// Seconds of waiting for other ranks, and of sending to and receiving from them.
  public var communicationSeconds: Double
  /// Seconds of the whole epoch, evaluation included.
  public var epochSeconds: Double
  /// Training images per second of training, evaluation not counted.
  public var imagesPerSecond: Double
  /// Processes that shared each update; seconds are those of the first.
  public var ranks: Int
  /// Messages that all ranks together have sent for updates.
  public var messages: Int
  /// Bytes in them.
  public var messageBytes: Int

  public init(
    epoch: Int, batchSize: Int, microBatch: Int, learningRate: Double, updates: Int,
    samplesSeen: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double,
    testAccuracy: Double, bestAccuracy: Double, forwardSeconds: Double, backwardSeconds: Double,
    updateSeconds: Double, dataSeconds: Double, switchSeconds: Double,
    communicationSeconds: Double = 0, epochSeconds: Double, imagesPerSecond: Double,
    ranks: Int = 1, messages: Int = 0, messageBytes: Int = 0
  ) {
    self.epoch = epoch
    self.batchSize = batchSize
    self.microBatch = microBatch
    self.learningRate = learningRate
    self.updates = updates
    self.samplesSeen = samplesSeen
    self.trainLoss = Self.unsigned(trainLoss)
    self.trainAccuracy = trainAccuracy
    self.testLoss = Self.unsigned(testLoss)
    self.testAccuracy = testAccuracy
    self.bestAccuracy = bestAccuracy
    self.forwardSeconds = forwardSeconds
    self.backwardSeconds = backwardSeconds
    self.updateSeconds = updateSeconds
    self.dataSeconds = dataSeconds
    self.switchSeconds = switchSeconds
    self.communicationSeconds = communicationSeconds
    self.epochSeconds = epochSeconds
    self.imagesPerSecond = imagesPerSecond
    self.ranks = ranks
    self.messages = messages
    self.messageBytes = messageBytes
  }

  /// The loss, or a NaN without a sign: CPUs give some one, and no file gives it back, so that a table said
  /// `-nan` before a run went on and `nan` after.
  private static func unsigned(_ loss: Double) -> Double { loss.isNaN ? .nan : loss }
}
