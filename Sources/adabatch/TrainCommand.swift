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
    let settings = try settings(threads: executor.threads)
    let trainer = try Trainer(settings, executor: executor)
    let directory = try RunDirectory(creatingAt: directoryPath(settings))
    let report = TrainReport(trainer, settings, executor, directory, quiet: quiet)
    let record = RunSettings(
      adabatch: Version.number, command: CommandLine.arguments.joined(separator: " "),
      settings: settings,
      versions: ComponentVersions(oneDNN: OneDNNLibrary.version, executor: executor.name))
    let recorded = try RecordedRun(trainer, in: directory, settings: record)
    report.start()
    try recorded.run(onEpoch: report.epoch)
    report.finish()
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
    let grows = policy.policy == "adabatch"
    try refuseGrowthOptions(unless: grows)
    return TrainingSettings(
      dataset: data.dataset, data: data.data, network: data.network, classes: try classes(),
      policy: policy.policy, epochs: policy.epochs, batchSize: policy.batchSize,
      testBatch: optimizer.testBatch,
      growthFactor: grows ? policy.growthFactor ?? ReferenceRecipe.growthFactor : nil,
      growthInterval: policy.growthInterval ?? ReferenceRecipe.interval(epochs: policy.epochs),
      maxBatch: grows ? policy.maxBatch ?? maximum() : nil, learningRate: policy.learningRate,
      decay: policy.decay ?? (grows ? ReferenceRecipe.growthDecay : ReferenceRecipe.fixedDecay),
      momentum: optimizer.momentum, weightDecay: optimizer.weightDecay,
      microBatch: optimizer.microBatch, dropLast: optimizer.dropLast, seed: optimizer.seed,
      threads: threads)
  }

  private func maximum() -> Int {
    ReferenceRecipe.maximumBatchSize(initialBatchSize: policy.batchSize)
  }

  /// An option that would do nothing is a misunderstanding, and said.
  private func refuseGrowthOptions(unless grows: Bool) throws(TrainingError) {
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
