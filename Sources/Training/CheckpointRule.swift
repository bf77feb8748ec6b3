/// When a run writes checkpoints, and how many it keeps.
///
/// One is written after epochs, the last one always, and when the run is stopped.
public struct CheckpointRule: Sendable, Equatable {
  /// Seconds of training after which one is written within an epoch; nil for never.
  public var secondsBetween: Double?
  /// Seconds since the newest one within which an epoch's end writes none: an accelerator's epoch may
  /// be shorter than it takes to bring the weights back and write them.
  public var secondsBetweenEpochs: Double
  /// The newest ones that stay.
  public var kept: Int

  /// - Precondition: `kept` is 1 or more.
  public init(
    secondsBetween: Double? = 600, secondsBetweenEpochs: Double = 0, kept: Int = 2
  ) {
    precondition(kept >= 1, "a run keeps at least one checkpoint")
    self.secondsBetween = secondsBetween
    self.secondsBetweenEpochs = secondsBetweenEpochs
    self.kept = kept
  }
}
