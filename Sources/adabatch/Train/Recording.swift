import AdaBatch

/// A training as rank 0 sees it, or the only rank: recorded, and told of.
struct Recording {
  let run: RecordedRun
  private let record: RunSettings
  private let past: PastRun?
  private let load: MachineLoad.Watch
  /// How to go on after a fault.
  private let resume: ResumeAdvice
  /// Kept as long as the run is in use.
  private let lock: FolderLock

  /// Takes the run's directory, and starts the record or goes on with it.
  ///
  /// - Parameters:
  ///   - allowChanges: whether other images than the run began with are taken.
  ///   - resume: how to go on after a fault.
  ///   - load: since the program started, where it did for this run.
  /// - Throws: `DataError` for other images than the run began with, `RunDirectoryError` for a
  ///   directory in use, `FileError` for what cannot be written or gone on with.
  init(
    _ trainer: Trainer, _ record: RunSettings, in place: RunPlace, _ rule: CheckpointRule,
    allowChanges: Bool = false, resume: ResumeAdvice,
    load: MachineLoad.Watch = MachineLoad.Watch()
  ) throws {
    self.record = record
    self.load = load
    self.resume = resume
    past = place.past?.withoutWeights
    try past?.check(trainer.dataset, allowed: allowChanges)
    let (directory, lock) = try place.taken()
    self.lock = lock
    run = try RecordedRun(
      trainer, in: directory, settings: record, from: place.past?.checkpoint,
      changes: try place.changes(to: record.settings), checkpoints: rule)
  }

  func run(
    _ engine: Engine, telling teller: (RunToWatch) -> any TrainProgress
  ) throws -> RecordedRun.Outcome {
    defer { withExtendedLifetime(lock) {} }
    let watched = RunToWatch(
      trainer: run.trainer, record: record, engine: engine, directory: run.directory, load: load
    )
    let progress = teller(watched)
    progress.started(past)
    defer { progress.end() }
    var pace = progress.warns ? PaceWatch() : nil
    let outcome = try run.advising(resume) {
      try run.run(
        onEpoch: { epoch in
          progress.finished(epoch)
          guard pace?.isSlow(epoch) == true else { return }
          // Said once: who left the machine to others knows it from then on.
          let words = "epoch \(epoch.epoch) was slow: "
          if Console.warnOfLoad(threads: engine.threads, after: words) { pace = nil }
        },
        onDecision: progress.decided, onUpdate: progress.updated,
        onCheckpoint: progress.saved(checkpoint:))
    }
    if outcome == .finished { progress.finished() }
    return outcome
  }
}
