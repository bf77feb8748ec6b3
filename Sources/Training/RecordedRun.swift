import RunRecords

/// A training that leaves a directory which others can read.
///
/// The settings are written before the first update, decisions and epochs as they come, each epoch
/// in all of its forms, the weights at the end.
public struct RecordedRun {
  public let directory: RunDirectory
  public let trainer: Trainer

  /// Starts the record.
  ///
  /// - Throws: `FileError` when the settings cannot be written.
  public init(
    _ trainer: Trainer, in directory: RunDirectory, settings: RunSettings
  ) throws(FileError) {
    self.trainer = trainer
    self.directory = directory
    try directory.write(settings)
  }

  /// Trains, records, and calls back for whoever watches.
  public func run(
    onEpoch: (EpochRecord) throws -> Void = { _ in },
    onDecision: (DecisionRecord) throws -> Void = { _ in },
    onUpdate: (UpdateReport) throws -> Void = { _ in }
  ) throws {
    let events = try EventFile(creatingIn: directory)
    var epochs: [EpochRecord] = []
    try trainer.train(
      onEpoch: { epoch in
        epochs.append(epoch)
        try directory.append(epoch)
        try directory.write(ReferenceNumbers(epochs))
        try events.append(epoch)
        try onEpoch(epoch)
      },
      onDecision: {
        try directory.append($0)
        try onDecision($0)
      },
      onUpdate: onUpdate)
    try directory.write(trainer.model())
  }
}
