import AdaBatch
import ArgumentParser

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network and leave a run directory, or go on with one.",
    discussion: """
      EXAMPLE
        adabatch train --dataset cifar10 --network alexnet --batch-size 256

      The defaults are the recipe of the AdaBatch paper's one-device experiment: the batch doubles \
      and the rate is multiplied by 0.75 every 20 of 100 epochs. Writes run.yaml, decisions.jsonl, \
      model.safetensors, and the epochs as epochs.jsonl, epochs.csv, numbers.npz and for TensorBoard. \
      The same command again goes on where the run was interrupted, to the same bits. \
      Options of the AdaBatch scripts (--train-batch, --zero-grad-freq, --lr, ...) are understood \
      too: Documentation/FromTheScripts.md.
      """)

  @OptionGroup var training: TrainingArguments
  @OptionGroup(title: "Run and checkpoints") var checkpoints: CheckpointArguments

  @OptionGroup(title: "Progress") var progress: ProgressArguments

  @Flag(help: "Print the settings as YAML, each with where it is from, and train nothing.")
  var printConfig = false

  mutating func run() throws {
    try progress.check()
    do {
      try train()
    } catch {
      progress.tell(error)
      throw error
    }
  }

  private func train() throws {
    let rule = try checkpoints.rule()
    let executor = try training.threads.makeExecutor()
    var settings = try training.settings(threads: executor.threads)
    let place = try RunPlace(checkpoints.path(of: settings), mustExist: checkpoints.resume)
    let changes = try place.past?.changes(to: settings) ?? []
    try place.past?.check(changes, allowed: checkpoints.allowChanges)
    if let past = place.past, past.isFinished, changes.isEmpty {
      return progress.tellFinished(past)
    }
    let trainer = try Trainer(settings, executor: executor, stop: Interruption.request)
    try place.past?.check(trainer.dataset, allowed: checkpoints.allowChanges)
    if settings.dataset != "synthetic" {
      settings.data = absolutePath(trainer.dataset.source)
    }
    let (directory, lock) = try place.taken()
    defer { withExtendedLifetime(lock) {} }
    let record = record(settings, executor)
    let recorded = try RecordedRun(
      trainer, in: directory, settings: record, from: place.past?.checkpoint, changes: changes,
      checkpoints: rule)
    let run = RunToWatch(
      trainer: trainer, record: record, executor: executor, directory: directory)
    try train(recorded, run, place.past)
  }

  private func train(_ recorded: RecordedRun, _ run: RunToWatch, _ past: PastRun?) throws {
    let progress = progress.progress(of: run)
    progress.started(past)
    defer { progress.end() }
    var pace = progress.warns ? PaceWatch() : nil
    Interruption.watch()
    let outcome = try recorded.advising {
      try recorded.run(
        onEpoch: { epoch in
          progress.finished(epoch)
          guard pace?.isSlow(epoch) == true else { return }
          // Said once: who left the machine to others knows it from then on.
          let words = "epoch \(epoch.epoch) was slow: "
          if Console.warnOfLoad(threads: run.executor.threads, after: words) { pace = nil }
        },
        onDecision: progress.decided, onUpdate: progress.updated,
        onCheckpoint: progress.saved(checkpoint:))
    }
    guard outcome == .finished else { throw Stopped(recorded) }
    progress.finished()
  }

  private func record(_ settings: TrainingSettings, _ executor: OneDNNExecutor) -> RunSettings {
    RunSettings(
      adabatch: Version.number, command: shellLine(CommandLine.arguments), settings: settings,
      versions: ComponentVersions(
        oneDNN: OneDNNLibrary.version,
        executor: "\(executor.name), \(OneDNNLibrary.instructionSet)"))
  }
}
