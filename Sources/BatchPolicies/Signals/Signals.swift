/// What a policy may look at.
public struct Signals: Sendable, Codable, Equatable {
  /// Epochs completed: 0 before the first.
  public var epoch: Int

  /// Images in the training set.
  public var imageCount: Int

  /// Images of the epoch under way that have entered an update: 0 between epochs.
  public var imagesIntoEpoch = 0

  /// The rate that the factors of decisions multiply.
  public var initialLearningRate = 1.0

  /// The decision in force; nil at the start of a run.
  public var current: BatchDecision?

  /// How often the policy has been asked since the batch size changed, or the run began.
  public var decisionsSinceChange = 0

  /// Batch sizes that made training worse: they and larger ones are not to be decided upon.
  public var marked: [Int] = []

  /// What training has shown so far.
  public var history = TrainingHistory()

  public init(epoch: Int, imageCount: Int) {
    self.epoch = epoch
    self.imageCount = imageCount
  }
}
