import AdaBatch
import ArgumentParser
import Foundation

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network and leave a run directory.",
    discussion: """
      EXAMPLE
        adabatch train --dataset cifar10 --network alexnet --batch-size 256

      The defaults are the recipe of the AdaBatch paper's one-device experiment: the batch doubles \
      and the rate is multiplied by 0.75 every 20 of 100 epochs. Writes run.yaml, epochs.jsonl, \
      decisions.jsonl and model.safetensors.
      """)

  @OptionGroup(title: "Network and images") var data: DataArguments
  @OptionGroup(title: "Batch size and learning rate") var policy: PolicyArguments
  @OptionGroup(title: "Updates") var optimizer: OptimizerArguments

  @Option(
    help: ArgumentHelp(
      "Threads to compute with (default: OMP_NUM_THREADS, else one for each core).", valueName: "n")
  )
  var threads: Int?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "Directory of the run (default: runs/DATASET-NETWORK-POLICY-seedSEED).", valueName: "dir"))
  var runDirectory: String?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  mutating func run() throws {
    let executor = try OneDNNExecutor(threads: try checkedThreads())
    var settings = try settings(threads: executor.threads)
    let trainer = try Trainer(settings, executor: executor)
    if settings.dataset != "synthetic" { settings.data = trainer.dataset.source }
    let directory = try RunDirectory(creatingAt: directoryPath(settings))
    let report = TrainReport(trainer, settings, executor, directory, quiet: quiet)
    let record = RunSettings(
      adabatch: Version.number, command: commandLine, settings: settings,
      versions: ComponentVersions(
        oneDNN: OneDNNLibrary.version,
        executor: "\(executor.name), \(OneDNNLibrary.instructionSet)"))
    let recorded = try RecordedRun(trainer, in: directory, settings: record)
    if !quiet, let warning = MachineLoad.measure()?.warning(threads: executor.threads) {
      Console.warn(warning)
    }
    report.start()
    try recorded.run(onEpoch: report.epoch)
    report.finish()
  }

  /// The command as a shell would take it again.
  private var commandLine: String {
    CommandLine.arguments.map { word in
      let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=+:,".contains($0) }
      if isPlain && !word.isEmpty { return word }
      return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
    .joined(separator: " ")
  }

  private func checkedThreads() throws(TrainingError) -> Int? {
    guard let threads else { return nil }
    guard 1...1024 ~= threads else {
      throw TrainingError(
        .impossibleSetting, problem: "--threads is \(threads), but needs to be 1 to 1024",
        fix: "leave it out for one thread on each core")
    }
    return threads
  }

  /// The settings with every default filled in.
  private func settings(threads: Int) throws(TrainingError) -> TrainingSettings {
    try refuseIdleOptions()
    let settings = TrainingSettings(
      dataset: data.dataset, data: data.data, network: data.network, classes: try classes(),
      policy: policy.policy, epochs: policy.epochs, batchSize: policy.batchSize,
      testBatch: optimizer.testBatch, growthFactor: policy.growthFactor,
      growthInterval: policy.growthInterval, maxBatch: policy.maxBatch,
      learningRate: policy.learningRate,
      decay: policy.decay ?? TrainingSettings.referenceDecay(policy: policy.policy),
      momentum: optimizer.momentum, weightDecay: optimizer.weightDecay,
      microBatch: optimizer.microBatch, dropLast: optimizer.dropLast, seed: optimizer.seed,
      threads: threads)
    return settings.resolved()
  }

  /// An option that would do nothing is a misunderstanding, and said.
  private func refuseIdleOptions() throws(TrainingError) {
    if data.dataset == "synthetic", data.data != nil {
      throw TrainingError(
        .impossibleSetting, problem: "--data names a folder, and synthetic images need none",
        fix: "leave --data out, or name a --dataset that has files")
    }
    let given = [
      ("--growth-factor", policy.growthFactor != nil), ("--max-batch", policy.maxBatch != nil),
    ]
    guard policy.policy == "fixed", let option = given.first(where: { $0.1 })?.0 else { return }
    throw TrainingError(
      .impossibleSetting, problem: "\(option) is for a batch that grows, and --policy is fixed",
      fix: "leave \(option) out, or train with --policy adabatch")
  }

  private func classes() throws(TrainingError) -> Int {
    let given = data.classes
    let known = ["cifar10": [10], "cifar100": [100]][data.dataset] ?? [10, 100]
    guard let given else { return known[0] }
    guard known.contains(given) else {
      let numbers = known.map(String.init).joined(separator: " or ")
      throw TrainingError(
        .impossibleSetting, problem: "--classes is \(given), but \(data.dataset) has \(numbers)",
        fix: "leave --classes out, or choose another --dataset")
    }
    return given
  }

  private func directoryPath(_ settings: TrainingSettings) -> String {
    let parts = [settings.dataset, settings.network, settings.policy, "seed\(settings.seed)"]
    return runDirectory ?? "runs/" + parts.joined(separator: "-")
  }
}
