/// Where a training is, to the image: what a checkpoint holds beside the tensors.
///
/// Randomness needs no place in it: orders, crops and flips are functions of seed, epoch and image.
public struct TrainingState: Codable, Sendable, Equatable {
  /// Epochs that are over, evaluation included.
  public var epochsDone = 0
  /// Images of the epoch under way that have entered an update: the position in its order.
  public var imagesIntoEpoch = 0
  /// Weight updates since the run began.
  public var updates = 0
  /// Images that have entered an update since the run began.
  public var samplesSeen = 0
  /// Micro-batches that have entered the running statistics.
  public var microBatchesTracked = 0
  /// The highest test accuracy so far, in percent.
  public var bestAccuracy = 0.0
  /// The epoch that had it first, counted from 1; 0 before the first evaluation.
  public var bestEpoch = 0
  /// What the epoch under way has come to.
  public var epochSoFar = EpochSums()
  /// How decisions stand; nil before the first, and in checkpoints of earlier versions.
  public var course: CourseState?

  public init() {}
}

/// Sums over the part of an epoch that has been trained.
public struct EpochSums: Codable, Sendable, Equatable {
  public var images = 0
  public var correct = 0
  public var correctInTopFive = 0
  /// Of the images' losses, in the order of updates.
  public var loss = 0.0
  public var forwardSeconds = 0.0
  public var backwardSeconds = 0.0
  public var updateSeconds = 0.0
  public var dataSeconds = 0.0
  public var switchSeconds = 0.0
  public var communicationSeconds = 0.0
  /// Sent by all ranks for updates.
  public var messages = 0
  public var messageBytes = 0
  /// Seconds of training, the ones above among them, without the time between a stop and a start.
  public var trainingSeconds = 0.0

  public init() {}
}
