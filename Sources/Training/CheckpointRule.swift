/// When a run writes checkpoints, and how many it keeps.
///
/// One is written after every epoch and when the run is stopped, whatever the rule.
public struct CheckpointRule: Sendable, Equatable {
  /// Seconds of training after which one is written within an epoch; nil for never.
  public var secondsBetween: Double?
  /// The newest ones that stay.
  public var kept: Int

  /// - Precondition: `kept` is 1 or more.
  public init(secondsBetween: Double? = 600, kept: Int = 2) {
    precondition(kept >= 1, "a run keeps at least one checkpoint")
    self.secondsBetween = secondsBetween
    self.kept = kept
  }
}
