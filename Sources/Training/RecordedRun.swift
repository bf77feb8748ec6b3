import Executors
import ImageData
import RunRecords

/// A training that leaves a directory which others can read, and that can be gone on with.
///
/// The settings are written before the first update, decisions and epochs as they come, each epoch
/// in all of its forms, checkpoints by a rule, the weights at the end. A run
/// that was interrupted anywhere and gone on with has the same records and weights, bit for bit, as
/// one that was not, but for times.
///
/// Of several ranks, rank 0 alone records; the others call `Trainer.train`.
public final class RecordedRun {
  public enum Outcome: Sendable, Equatable {
    case finished
    /// Stopped on request, with nothing lost but the update that was under way.
    case stopped
  }

  public let directory: RunDirectory
  public let trainer: Trainer
  private let settings: RunSettings
  private let rule: CheckpointRule
  private let fingerprint: DataFingerprint
  private let now: () -> Double
  /// The number of the newest checkpoint; nil where there is none yet.
  public private(set) var newestCheckpoint: Int?
  /// The state of the newest checkpoint.
  private var saved: TrainingState
  /// When the newest checkpoint was written, or the run began.
  private var savedAt: Double
  private var epochs: [EpochRecord]
  private let isChanged: Bool
  /// The epoch whose weights were written as the best ones by this process.
  private var bestWritten = 0

  /// Starts the record, or goes on with it.
  ///
  /// - Parameters:
  ///   - checkpoint: what to go on from; nil for the beginning. What was recorded after it is
  ///     taken away.
  ///   - changes: of the settings against those that the checkpoint was made with.
  ///   - clock: seconds that never go back; the system's unless given.
  /// - Throws: `FileError` when something cannot be written, or when the checkpoint is another
  ///   network's.
  public init(
    _ trainer: Trainer, in directory: RunDirectory, settings: RunSettings,
    from checkpoint: Checkpoint? = nil, changes: [TrainingSettings.Change] = [],
    checkpoints rule: CheckpointRule = CheckpointRule(), clock: (() -> Double)? = nil
  ) throws(FileError) {
    self.trainer = trainer
    self.directory = directory
    self.settings = settings
    self.rule = rule
    fingerprint = trainer.dataset.fingerprint
    let start = ContinuousClock.now
    now = clock ?? { ContinuousClock.now.seconds(since: start) }
    savedAt = now()
    isChanged =
      checkpoint.map { !changes.isEmpty || $0.manifest.data != trainer.dataset.fingerprint }
      ?? false
    if let checkpoint { try trainer.restore(checkpoint) }
    saved = trainer.state
    newestCheckpoint = checkpoint?.number
    if checkpoint == nil || !changes.isEmpty { try directory.write(settings) }
    try directory.setAsideCheckpoints(after: checkpoint)
    try directory.cutRecords(to: checkpoint?.manifest.records ?? [:])
    epochs = try directory.epochs().records
    try directory.append(
      StartRecord(
        checkpoint: checkpoint?.number, state: saved, ranks: trainer.ranks.count,
        changes: changes.map(\.description)))
  }

  /// Trains what is left, records, and calls back for whoever watches.
  ///
  /// - Parameter onCheckpoint: called with the number of each checkpoint that was written.
  /// - Throws: as `Trainer.train`, and `FileError` where a record cannot be written. The run can
  ///   be gone on with from its newest checkpoint then.
  @discardableResult
  public func run(
    onEpoch: (EpochRecord) throws -> Void = { _ in },
    onDecision: (DecisionRecord) throws -> Void = { _ in },
    onShadow: (DecisionRecord) throws -> Void = { _ in },
    onUpdate: (UpdateReport) throws -> Void = { _ in },
    onCheckpoint: (Int) throws -> Void = { _ in }
  ) throws -> Outcome {
    try recordWhatIsThere()
    // From here on the run has other settings or images, also if it is killed before an update.
    if isChanged { try save(onCheckpoint) }
    let events = try EventFile(creatingIn: directory)
    do {
      try trainer.train(
        onEpoch: { epoch in
          try record(epoch, events)
          if isTimeToSaveEpoch {
            try save(onCheckpoint)
          }
          try onEpoch(epoch)
        },
        onDecision: {
          try directory.append($0)
          try onDecision($0)
        },
        onShadow: {
          try directory.append(shadow: $0)
          try onShadow($0)
        },
        onUpdate: {
          try onUpdate($0)
          if isTimeToSave { try save(onCheckpoint) }
        })
    } catch let error as ExecutorError where error.code == .stopped {
      if hasUnsavedUpdates { try save(onCheckpoint) }
      return .stopped
    }
    try directory.write(TestPredictions(trainer.testScores, of: trainer.dataset))
    // Last: it says that the run is finished.
    try directory.write(try trainer.currentModel())
    return .finished
  }

  private func record(_ epoch: EpochRecord, _ events: EventFile) throws(FileError) {
    epochs.append(epoch)
    try directory.append(epoch)
    try directory.write(ReferenceNumbers(epochs))
    try events.append(epoch)
  }

  /// Makes anew what follows from a checkpoint and its records.
  private func recordWhatIsThere() throws {
    if !epochs.isEmpty {
      try directory.writeTable(epochs)
      try directory.write(ReferenceNumbers(epochs))
    }
    try keepBest()
  }

  /// Writes the weights of the best epoch, where they are there and not written yet.
  private func keepBest() throws {
    let epoch = trainer.state.bestEpoch
    guard epoch > 0, epoch != bestWritten, let model = try trainer.bestModel() else { return }
    try directory.writeBest(
      Safetensors(
        model.tensors, metadata: model.metadata.merging(["epoch": "\(epoch)"]) { $1 }))
    bestWritten = epoch
  }
}

// Checkpoints.
extension RecordedRun {
  private var hasUnsavedUpdates: Bool { trainer.state.updates > saved.updates }

  private var isTimeToSave: Bool {
    guard let seconds = rule.secondsBetween else { return false }
    return now() - savedAt >= seconds
  }

  private var isTimeToSaveEpoch: Bool {
    trainer.state.epochsDone == trainer.options.epochs
      || now() - savedAt >= rule.secondsBetweenEpochs
  }

  private func save(_ onCheckpoint: (Int) throws -> Void) throws {
    // First: a checkpoint says which epoch was the best.
    try keepBest()
    let state = trainer.state
    guard let phase = trainer.phase(at: state) else { preconditionFailure("a run without phases") }
    let records = try directory.recordLengths()
    let number = try directory.save(
      Safetensors(try trainer.tensors(), metadata: [:]), keeping: rule.kept
    ) { tensors in
      CheckpointManifest(
        state: state, batchSize: phase.batchSize, learningRate: trainer.options.rate(in: phase),
        settings: settings.settings, versions: settings.versions, machine: settings.machine,
        data: fingerprint, records: records, tensors: tensors)
    }
    (saved, savedAt, newestCheckpoint) = (state, now(), number)
    try onCheckpoint(number)
  }
}
