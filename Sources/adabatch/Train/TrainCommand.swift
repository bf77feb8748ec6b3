import AdaBatch
import ArgumentParser

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network and leave a run directory.",
    discussion: """
      EXAMPLE
        adabatch train --dataset cifar10 --network alexnet --batch-size 256

      The defaults are the recipe of the AdaBatch paper's one-device experiment: the batch doubles \
      and the rate is multiplied by 0.75 every 20 of 100 epochs. Writes run.yaml, decisions.jsonl, \
      model.safetensors, and the epochs as epochs.jsonl, epochs.csv, numbers.npz and for TensorBoard. \
      Options of the AdaBatch scripts (--train-batch, --zero-grad-freq, --lr, ...) are understood \
      too: Documentation/FromTheScripts.md.
      """)

  @OptionGroup var training: TrainingArguments

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "Directory of the run (default: runs/DATASET-NETWORK-POLICY-seedSEED).", valueName: "dir"))
  var runDirectory: String?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  mutating func run() throws {
    let executor = try training.threads.makeExecutor()
    var settings = try training.settings(threads: executor.threads)
    let trainer = try Trainer(settings, executor: executor)
    if settings.dataset != "synthetic" {
      settings.data = absolutePath(trainer.dataset.source)
    }
    let directory = try RunDirectory(creatingAt: directoryPath(settings))
    let report = TrainReport(trainer, settings, executor, directory, quiet: quiet)
    let record = RunSettings(
      adabatch: Version.number, command: shellLine(CommandLine.arguments), settings: settings,
      versions: ComponentVersions(
        oneDNN: OneDNNLibrary.version,
        executor: "\(executor.name), \(OneDNNLibrary.instructionSet)"))
    let recorded = try RecordedRun(trainer, in: directory, settings: record)
    if !quiet { Console.warnOfLoad(threads: executor.threads) }
    report.start()
    var pace: PaceWatch? = PaceWatch()
    try recorded.run(
      onEpoch: { epoch in
        report.epoch(epoch)
        // Said once: who left the machine to others knows it from then on.
        if pace?.isSlow(epoch) == true, report.slow(epoch) { pace = nil }
      },
      onUpdate: report.update)
    report.finish()
  }

  private func directoryPath(_ settings: TrainingSettings) -> String {
    let parts = [settings.dataset, settings.network, settings.policy, "seed\(settings.seed)"]
    return runDirectory ?? "runs/" + parts.joined(separator: "-")
  }
}
