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
  let settings: TrainingSettings
  let executor: OneDNNExecutor
  let directory: RunDirectory

  /// Says why newer checkpoints of a run that is gone on with are not used.
  func warn(of damages: [FileError]) {
    for damage in damages {
      Console.warn("\(damage.reason): \(damage.path); an older checkpoint is used")
    }
  }
}
