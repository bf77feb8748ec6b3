import AdaBatch

/// A run that was begun before, as far as going on with it asks.
struct PastRun {
  let directory: RunDirectory
  let settings: RunSettings
  /// What to go on from; nil where there is nothing but the settings yet.
  private(set) var checkpoint: Checkpoint?
  /// Why newer checkpoints are not used.
  let damages: [FileError]

  /// - Throws: `RunDirectoryError` where there is no run, `FileError` for one that cannot be gone
  ///   on with.
  init(opening directory: RunDirectory) throws {
    self.directory = directory
    settings = try directory.settings()
    do {
      let search = try directory.newestCheckpoint()
      (checkpoint, damages) = (search.found, search.damages)
    } catch {
      // A run that is finished needs none.
      guard exists(directory.file(RunDirectory.modelFile)) else { throw error }
      (checkpoint, damages) = (nil, [error])
    }
  }

  /// The same without the checkpoint's weights, once they are in use.
  var withoutWeights: PastRun {
    var run = self
    run.checkpoint?.tensors = Safetensors([])
    return run
  }

  /// Whether the run has its weights, which are written last.
  var isFinished: Bool { exists(directory.file(RunDirectory.modelFile)) }

  /// What is said of a run that is done.
  var finishedLine: String {
    let best = checkpoint.map { state in
      String(format: ", best %.2f %%", state.manifest.state.bestAccuracy)
    }
    return "the run in \(directory.path) is finished: \(settings.settings.epochs) epochs"
      + (best ?? "") + "; --fresh starts over in a new directory"
  }

  /// The same, for programs.
  var finishedEvent: Event<FinishedEvent> {
    Event("finished", FinishedEvent(directory, checkpoint?.manifest.state))
  }

  /// Those that its checkpoint was made with.
  var newestSettings: TrainingSettings { checkpoint?.manifest.settings ?? settings.settings }

  /// What is different from them.
  func changes(to other: TrainingSettings) throws -> [TrainingSettings.Change] {
    try newestSettings.changes(to: other)
  }

  /// What else is not as it was, without which the same bits are not promised.
  func otherConditions(than now: RunSettings) -> [String] {
    guard let then = checkpoint?.manifest else { return [] }
    let pairs = [
      ("CPU", then.machine.cpu, now.machine.cpu),
      ("instruction set", then.machine.instructionSet, now.machine.instructionSet),
      ("executor", then.versions.executor, now.versions.executor),
      ("oneDNN", then.versions.oneDNN ?? "none", now.versions.oneDNN ?? "none"),
      ("adabatch", settings.adabatch, now.adabatch),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "\($0.0) \($0.1), now \($0.2)" }
  }

  /// What to say where micro-batches follow from the number of ranks, and that is another one.
  func otherShares(on trainer: Trainer) -> String? {
    let before = (try? directory.starts().records)?.dropLast().last?.ranks ?? 1
    let now = trainer.ranks.count
    guard checkpoint != nil, before != now, trainer.options.microBatch == .batch else { return nil }
    return
      "the run was on \(before) rank\(before == 1 ? "" : "s"), and is on \(now) now: shares of a"
      + " batch are others, and so are the bits; --micro-batch batch/\(before) --allow-changes keeps"
      + " them"
  }

  /// - Parameter allowed: whether changes were asked for.
  /// - Throws: `TrainingError` that names each change, or the lack of anything to go on from.
  func check(_ changes: [TrainingSettings.Change], allowed: Bool) throws {
    // One epoch is recorded before its checkpoint is written.
    if checkpoint == nil, !isFinished || !changes.isEmpty,
      try directory.epochs().records.count > 1 || isFinished
    {
      throw RunDirectoryError(
        code: .holdsAnotherRun, path: directory.path,
        problem: "holds epochs of a run, and no checkpoint to go on from",
        fix: "start over in a new directory with --fresh, or restore its checkpoints")
    }
    guard !changes.isEmpty, !allowed else { return }
    throw TrainingError(
      .impossibleSetting,
      problem: "the run in \(directory.path) was begun with other settings: "
        + changes.map(\.description).joined(separator: ", "),
      fix: "go on with its own: \(resumeLine(directory.path)); go on with the new ones: add"
        + " --allow-changes; or start over in a new directory: add --fresh")
  }

  /// - Throws: `DataError` where the images are not those that the run began with.
  func check(_ dataset: Dataset, allowed: Bool) throws {
    guard !allowed, let before = checkpoint?.manifest.data,
      let difference = before.difference(to: dataset.fingerprint)
    else { return }
    throw DataError(
      .changed, dataset.source, "the images have changed under the run: \(difference)",
      fix: "bring back the ones it began with, add --allow-changes, or start over with --fresh")
  }
}

/// The command that goes on with a run, whatever it was begun with.
func resumeLine(_ path: String) -> String {
  let words = path.hasPrefix("-") ? ["--run=" + path] : ["--run", path]
  return shellLine(["adabatch", "train", "--resume"] + words)
}
