/// One start of a run, the first or a later one: a line of `starts.jsonl`.
///
/// Of a run that was never interrupted there is one. Unlike the other records these stay when a run
/// goes back to a checkpoint: they say that it did.
public struct StartRecord: Codable, Sendable, Equatable {
  /// As ``RunSettings/timestamp(_:)`` writes it.
  public var time: String
  /// The checkpoint gone on from; nil for the beginning of the run.
  public var checkpoint: Int?
  public var epochsDone: Int
  public var imagesIntoEpoch: Int
  public var updates: Int
  /// Processes that share each update from here on.
  public var ranks: Int
  /// Settings that are others than before, each as `batch-size: 128 → 256`.
  public var changes: [String]

  public init(
    time: String = RunSettings.timestamp(), checkpoint: Int?, state: TrainingState,
    ranks: Int = 1, changes: [String]
  ) {
    self.time = time
    self.checkpoint = checkpoint
    epochsDone = state.epochsDone
    imagesIntoEpoch = state.imagesIntoEpoch
    updates = state.updates
    self.ranks = ranks
    self.changes = changes
  }
}
