import AdaBatch

/// Who tells how a training goes on.
protocol TrainProgress {
  /// Whether it warns of a machine that is busy.
  var warns: Bool { get }

  /// - Parameter past: what the run goes on from; nil for a new one.
  func started(_ past: PastRun?)
  func decided(_ decision: DecisionRecord)
  func updated(_ report: UpdateReport)
  func finished(_ epoch: EpochRecord)
  func saved(checkpoint: Int)
  func finished()

  /// Leaves the terminal to others, however the training has ended.
  func end()
}

extension TrainProgress {
  var warns: Bool { true }

  func started(_ past: PastRun?) {}
  func decided(_ decision: DecisionRecord) {}
  func updated(_ report: UpdateReport) {}
  func finished(_ epoch: EpochRecord) {}
  func saved(checkpoint: Int) {}
  func finished() {}
  func end() {}
}

/// Tells nothing: `--quiet`.
struct QuietProgress: TrainProgress {
  var warns: Bool { false }
}

/// A run as those see it who tell of it.
struct RunToWatch {
  let trainer: Trainer
  let record: RunSettings
  let engine: Engine
  let directory: RunDirectory
  /// What else the machine does, seen from when the run was prepared.
  let load: MachineLoad.Watch

  var settings: TrainingSettings { record.settings }

  /// Says why newer checkpoints of a run that is gone on with are not used, and what it was begun
  /// with that is another one now.
  func warn(of past: PastRun?) {
    for damage in past?.damages ?? [] {
      Console.warn("\(damage.reason): \(damage.path); an older checkpoint is used")
    }
    if let hint = past?.otherShares(on: trainer) { Console.warn(hint) }
    guard let others = past?.otherConditions(than: record), !others.isEmpty else { return }
    Console.warn(
      "the run was begun with \(others.joined(separator: "; ")): its bits may be others than in one"
        + " go")
  }
}
