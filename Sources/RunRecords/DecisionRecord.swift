import BatchPolicies

/// A batch size and learning rate as a policy decided them: a line of `decisions.jsonl`, and of
/// `shadows.jsonl` where the policy was only watching.
///
/// Lines that were written before there were policies that measure have no `action` and what follows.
public struct DecisionRecord: Codable, Sendable, Equatable {
  /// What became of a decision.
  public enum Action: String, Codable, Sendable {
    /// The first one of the run.
    case start
    /// Batch size or rate became others.
    case change
    /// Everything stayed.
    case keep
    /// A growth was taken back: weights, batch size and rate are as before it.
    case rollback
  }

  /// The epoch that the decision is made in, or for where it begins with it, counted from 1.
  public var epoch: Int
  /// Images in one weight update, over all ranks.
  public var batchSize: Int
  /// Images that pass forward and backward together.
  public var microBatch: Int
  /// The learning rate, not its factor.
  public var learningRate: Double
  /// Why, in one line, for people.
  public var reason: String

  public var action: Action?
  /// The policy's name.
  public var policy: String?
  /// Images of the epoch that had entered an update: the next one is the first with this decision.
  public var imagesIntoEpoch: Int?
  /// Weight updates made before.
  public var updates: Int?
  public var samplesSeen: Int?
  /// What the initial rate was multiplied by.
  public var rateFactor: Double?
  /// What was measured; nil where the decision follows from the epoch alone.
  public var evidence: Evidence?

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
