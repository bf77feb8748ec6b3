/// A batch size and learning rate as a policy decided them: a line of `decisions.jsonl`.
public struct DecisionRecord: Codable, Sendable, Equatable {
  /// The first epoch that the decision is for, counted from 1.
  public var epoch: Int
  /// Images in one weight update, over all ranks.
  public var batchSize: Int
  /// Images that pass forward and backward together.
  public var microBatch: Int
  /// The learning rate, not its factor.
  public var learningRate: Double
  /// Why, in one line, for people.
  public var reason: String

  public init(
    epoch: Int, batchSize: Int, microBatch: Int, learningRate: Double, reason: String
  ) {
    self.epoch = epoch
    self.batchSize = batchSize
    self.microBatch = microBatch
    self.learningRate = learningRate
    self.reason = reason
  }
}
