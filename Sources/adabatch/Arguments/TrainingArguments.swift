import AdaBatch
import ArgumentParser

/// Everything that decides what a training does: the options of `train`, and of what plans one.
struct TrainingArguments: ParsableArguments {
  // Read by SettingLayers, before the parser sees any option.
  @Option(
    help: ArgumentHelp(
      "YAML file of settings, named as options are without --; also a run's run.yaml.",
      discussion: "Weaker than options and $ADABATCH_…; of several the last one is the strongest.",
      valueName: "file"))
  var config: [String] = []

  @OptionGroup(title: "Network and images") var data: DataArguments
  @OptionGroup(title: "Batch size and learning rate") var policy: PolicyArguments
  @OptionGroup(title: "Policies that measure") var measuring: MeasuringArguments
  @OptionGroup(title: "Warm-up") var warmUp: WarmUpArguments
  @OptionGroup(title: "Updates") var optimizer: OptimizerArguments

  @OptionGroup var computing: ComputingArguments

  /// The settings with every default filled in.
  ///
  /// - Parameters:
  ///   - engine: that will compute.
  ///   - ranks: that share each update.
  /// - Throws: ``TrainingError`` for an option that would do nothing, which is a misunderstanding;
  ///   `DataError` for images of the user's own that cannot be read.
  func settings(
    _ engine: EngineChoice, ranks: Int = 1
  ) throws -> TrainingSettings {
    try refuseIdleOptions()
    let settings = TrainingSettings(
      dataset: data.dataset, data: data.data, network: data.network,
      classes: try Checked.classes(data.classes, of: data.dataset, in: data.data),
      policy: policy.policy, epochs: policy.epochs, batchSize: policy.batchSize(ranks: ranks),
      testBatch: optimizer.testBatch, growthFactor: policy.growthFactor,
      growthInterval: policy.growthInterval, milestones: policy.milestones?.epochs,
      rateMilestones: policy.rateMilestones?.epochs, maxBatch: policy.maxBatch,
      learningRate: policy.learningRate,
      decay: policy.decay ?? TrainingSettings.referenceDecay(policy: policy.policy),
      coupling: measuring.coupling, decideEvery: measuring.decideEvery,
      minBatch: measuring.minBatch, cooldown: measuring.cooldown,
      hysteresis: measuring.hysteresis, patience: measuring.patience,
      threshold: measuring.threshold, maxInterval: measuring.maxInterval,
      shadow: measuring.shadow?.names, guardsGrowth: measuring.guard ? true : nil,
      guardWindow: measuring.guardWindow, replay: measuring.replay.map(absolutePath),
      warmup: warmUp.warmup, baselineBatch: warmUp.baselineBatch,
      momentum: optimizer.momentum, weightDecay: optimizer.weightDecay,
      microBatch: optimizer.microBatch?.given ?? defaultMicroBatch(engine, ranks: ranks),
      dropLast: optimizer.dropLast, seed: optimizer.seed,
      threads: engine.threads, precision: engine.precision.rawValue,
      device: engine.device.recorded, devices: engine.recordedDevices)
    return settings.resolved()
  }

  /// A policy that measures the gradient's noise needs several micro-batches in each update.
  ///
  /// Of several devices, of all ranks, each passes its part of the batch.
  private func defaultMicroBatch(_ engine: EngineChoice, ranks: Int) -> MicroBatch {
    let devices = engine.device == .cpu ? 1 : engine.devices * ranks
    if devices > 1 { return .part(devices) }
    guard TrainingSettings.comparesGradients(policy.policy) else { return .batch }
    return .images(max(1, policy.batchSize(ranks: ranks) / 4))
  }

  private func refuseIdleOptions() throws(TrainingError) {
    try Checked.refuseFolder(data.data, of: data.dataset)
    try policy.refuseIdleOptions()
    try measuring.refuseIdleOptions(for: policy)
    try warmUp.refuseIdleOptions()
  }
}
