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

  @Flag(help: "Print the settings as YAML, each with where it is from, and train nothing.")
  var printConfig = false

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  mutating func run() throws {
    let rule = try checkpoints.rule()
    let executor = try training.threads.makeExecutor()
    var settings = try training.settings(threads: executor.threads)
    let place = try RunPlace(checkpoints.path(of: settings), mustExist: checkpoints.resume)
    let changes = try place.past?.changes(to: settings) ?? []
    try place.past?.check(changes, allowed: checkpoints.allowChanges)
    if let past = place.past, past.isFinished, changes.isEmpty {
      if !quiet { Console.printProgress(past.finishedLine) }
      return
    }
    let trainer = try Trainer(settings, executor: executor, stop: Interruption.request)
    try place.past?.check(trainer.dataset, allowed: checkpoints.allowChanges)
    if settings.dataset != "synthetic" {
      settings.data = absolutePath(trainer.dataset.source)
    }
    let (directory, lock) = try place.taken()
    defer { withExtendedLifetime(lock) {} }
    let recorded = try RecordedRun(
      trainer, in: directory, settings: record(settings, executor), from: place.past?.checkpoint,
      changes: changes, checkpoints: rule)
    try run(recorded, TrainReport(trainer, settings, executor, directory, quiet: quiet), place.past)
  }

  private func run(_ recorded: RecordedRun, _ report: TrainReport, _ past: PastRun?) throws {
    report.start(past)
    var pace: PaceWatch? = PaceWatch()
    Interruption.watch()
    let outcome = try recorded.advising {
      try recorded.run(
        onEpoch: { epoch in
          report.epoch(epoch)
          // Said once: who left the machine to others knows it from then on.
          if pace?.isSlow(epoch) == true, report.slow(epoch) { pace = nil }
        },
        onUpdate: report.update)
    }
    guard outcome == .finished else { throw Stopped(recorded) }
    report.finish()
  }

  private func record(_ settings: TrainingSettings, _ executor: OneDNNExecutor) -> RunSettings {
    RunSettings(
      adabatch: Version.number, command: shellLine(CommandLine.arguments), settings: settings,
      versions: ComponentVersions(
        oneDNN: OneDNNLibrary.version,
        executor: "\(executor.name), \(OneDNNLibrary.instructionSet)"))
  }
}
