import AdaBatch

/// A line of `train --json`: what happened, when, and its fields, all in one object.
struct Event<Fields: Encodable & Sendable>: Encodable, Sendable {
  private enum CodingKeys: CodingKey { case event, time }

  private let name: String
  private let time = RunSettings.timestamp()
  private let fields: Fields

  init(_ name: String, _ fields: Fields) {
    self.name = name
    self.fields = fields
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .event)
    try container.encode(time, forKey: .time)
    try fields.encode(to: encoder)
  }

  func print() { Console.printProgress(json: self) }
}

/// What a training is, before its first update.
struct StartEvent: Encodable {
  struct Phase: Encodable {
    let firstEpoch, lastEpoch, batchSize: Int
    let learningRate: Double
    let updates, images: Int
    let reason: String
  }

  let adabatch, run, dataset, network, policy, precision: String
  let parameters, trainingImages, testImages, epochs: Int
  let seed: UInt64
  /// Of each rank.
  let threads: Int
  let ranks: Int
  let plan: [Phase]
  /// Absent for a run that begins.
  let resumedFrom: CheckpointEvent?

  init(_ run: RunToWatch, from checkpoint: Checkpoint?) {
    let (trainer, settings) = (run.trainer, run.settings)
    adabatch = Version.number
    self.run = run.directory.path
    (dataset, network, policy) = (settings.dataset, settings.network, settings.policy)
    precision = run.engine.precision.rawValue
    parameters = trainer.learner.weights.parameters.count
    trainingImages = trainer.dataset.training.imageCount
    testImages = trainer.dataset.test.imageCount
    (epochs, seed, threads) = (settings.epochs, settings.seed, run.engine.threads)
    ranks = trainer.ranks.count
    plan = trainer.plan.phases.map { Phase($0, initialRate: settings.learningRate) }
    resumedFrom = checkpoint.map { CheckpointEvent($0.number, $0.manifest.state) }
  }
}

extension StartEvent.Phase {
  init(_ phase: AdaBatch.Phase, initialRate: Double) {
    (firstEpoch, lastEpoch) = (phase.epochs.lowerBound + 1, phase.epochs.upperBound)
    batchSize = phase.batchSize
    learningRate = initialRate * phase.learningRateFactor
    (updates, images, reason) = (phase.updates, phase.samples, phase.reason)
  }
}

/// A checkpoint and where the run is in it.
struct CheckpointEvent: Encodable {
  let checkpoint, epochsDone, imagesIntoEpoch, updates, samplesSeen: Int

  init(_ number: Int, _ state: TrainingState) {
    checkpoint = number
    (epochsDone, imagesIntoEpoch) = (state.epochsDone, state.imagesIntoEpoch)
    (updates, samplesSeen) = (state.updates, state.samplesSeen)
  }
}

/// A run that has its weights.
struct FinishedEvent: Encodable {
  let run, model: String
  let updates, samplesSeen: Int?
  let bestAccuracy: Double?
  let bestEpoch: Int?
  /// The most memory that the process held; absent where the run was finished before.
  let peakMemoryBytes: Int?

  init(_ directory: RunDirectory, _ state: TrainingState?, peakMemoryBytes: Int? = nil) {
    self.peakMemoryBytes = peakMemoryBytes
    (run, model) = (directory.path, directory.file(RunDirectory.modelFile))
    (updates, samplesSeen) = (state?.updates, state?.samplesSeen)
    (bestAccuracy, bestEpoch) = (state?.bestAccuracy, state?.bestEpoch)
  }
}

/// A training that was stopped by a signal, and the command that goes on with it.
struct StoppedEvent: Encodable {
  let run, signal: String
  let exitCode: Int32
  /// Absent where it was stopped before its first update.
  let checkpoint: Int?
  let epochsDone, imagesIntoEpoch, updates, samplesSeen: Int
  let resume: String
}

/// What went wrong, as stderr has it.
struct FailedEvent: Encodable {
  let message: String
  let exitCode: Int32
}

/// Where a run is after an update.
struct UpdateEvent: Encodable {
  private enum CodingKeys: CodingKey { case imagesPerSecond, secondsLeft }

  let report: UpdateReport
  let imagesPerSecond: Double?
  let secondsLeft: Double?

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(imagesPerSecond, forKey: .imagesPerSecond)
    try container.encodeIfPresent(secondsLeft, forKey: .secondsLeft)
  }
}
