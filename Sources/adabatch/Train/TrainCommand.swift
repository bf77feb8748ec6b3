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

  @OptionGroup(title: "Network and images") var data: DataArguments
  @OptionGroup(title: "Batch size and learning rate") var policy: PolicyArguments
  @OptionGroup(title: "Warm-up") var warmUp: WarmUpArguments
  @OptionGroup(title: "Updates") var optimizer: OptimizerArguments

  @OptionGroup var threads: ThreadArguments

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "Directory of the run (default: runs/DATASET-NETWORK-POLICY-seedSEED).", valueName: "dir"))
  var runDirectory: String?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  mutating func run() throws {
    let executor = try threads.makeExecutor()
    var settings = try settings(threads: executor.threads)
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
    try recorded.run { epoch in
      report.epoch(epoch)
      // Said once: who left the machine to others knows it from then on.
      if pace?.isSlow(epoch) == true, report.slow(epoch) { pace = nil }
    }
    report.finish()
  }

  /// The settings with every default filled in.
  private func settings(threads: Int) throws(TrainingError) -> TrainingSettings {
    try refuseIdleOptions()
    let settings = TrainingSettings(
      dataset: data.dataset, data: data.data, network: data.network,
      classes: try Checked.classes(data.classes, of: data.dataset),
      policy: policy.policy, epochs: policy.epochs, batchSize: policy.batchSize,
      testBatch: optimizer.testBatch, growthFactor: policy.growthFactor,
      growthInterval: policy.growthInterval, milestones: policy.milestones?.epochs,
      rateMilestones: policy.rateMilestones?.epochs, maxBatch: policy.maxBatch,
      learningRate: policy.learningRate,
      decay: policy.decay ?? TrainingSettings.referenceDecay(policy: policy.policy),
      warmup: warmUp.warmup, baselineBatch: warmUp.baselineBatch,
      momentum: optimizer.momentum, weightDecay: optimizer.weightDecay,
      microBatch: optimizer.microBatch, dropLast: optimizer.dropLast, seed: optimizer.seed,
      threads: threads)
    return settings.resolved()
  }

  /// An option that would do nothing is a misunderstanding, and said.
  private func refuseIdleOptions() throws(TrainingError) {
    try Checked.refuseFolder(data.data, of: data.dataset)
    try policy.refuseIdleOptions()
    try warmUp.refuseIdleOptions()
  }

  private func directoryPath(_ settings: TrainingSettings) -> String {
    let parts = [settings.dataset, settings.network, settings.policy, "seed\(settings.seed)"]
    return runDirectory ?? "runs/" + parts.joined(separator: "-")
  }
}
