import BatchPolicies
import Executors
import Foundation
import ImageData
import RunRecords
import Training

/// A short run with two growths, which tests interrupt and go on with.
struct ShortRun {
  /// 4 + 2 + 1 updates of 64 images; a last batch that is short where there are 70.
  var imageCount = 70
  var options = TrainingOptions(epochs: 3, learningRate: 0.05, testBatch: 20, seed: 7)
  var rule = CheckpointRule(secondsBetween: nil)

  var smallestBatch = 16
  var largestBatch = 64

  /// A shorter one, for tests that need very many: 3 + 2 updates.
  static var shortest: ShortRun {
    var run = ShortRun(imageCount: 40)
    run.options.epochs = 2
    run.largestBatch = 32
    return run
  }

  func trainer(stop: StopRequest = StopRequest()) throws -> Trainer {
    try Trainer(
      NormedNetwork(), smallData(training: imageCount, test: 30),
      policy: growth(from: smallestBatch, to: largestBatch), executor: oneDNN,
      options: options, stop: stop)
  }

  var settings: RunSettings {
    let settings = TrainingSettings(
      dataset: "synthetic", data: nil, network: "none", classes: 10, policy: "adabatch",
      epochs: options.epochs, batchSize: smallestBatch, testBatch: 20, growthFactor: 2,
      growthInterval: 1,
      maxBatch: largestBatch, learningRate: 0.05, decay: 0.75, momentum: 0.9,
      weightDecay: 5e-4, microBatch: options.microBatch, dropLast: options.dropLast, seed: 7,
      threads: 1)
    return RunSettings(
      adabatch: "0", command: "none", settings: settings,
      versions: ComponentVersions(executor: "oneDNN"))
  }

  /// Starts the run in a folder, or goes on with what is there, as the tool does.
  func begin(
    in folder: String, on files: any FileSystem = SystemFiles(), stop: StopRequest = StopRequest(),
    clock: (() -> Double)? = nil
  ) throws -> RecordedRun {
    let trainer = try trainer(stop: stop)
    guard exists(folder + "/run.yaml", on: files) else {
      return try RecordedRun(
        trainer, in: RunDirectory(creatingAt: folder, on: files), settings: settings,
        checkpoints: rule, clock: clock)
    }
    let directory = try RunDirectory(opening: folder, on: files)
    return try RecordedRun(
      trainer, in: directory, settings: settings, from: directory.newestCheckpoint().found,
      checkpoints: rule, clock: clock)
  }

  /// Runs from what is there to the end.
  func finish(in folder: String, on files: any FileSystem = SystemFiles()) throws -> RunBits {
    let run = try begin(in: folder, on: files)
    try run.run()
    return try RunBits(folder, on: files)
  }
}

/// Everything that two runs have the same bits of, however often they were interrupted.
struct RunBits: Equatable {
  let model: Data
  let best: Data
  let predictions: Data
  /// Parameters, running statistics and momentum at the end.
  let tensors: Safetensors
  let state: TrainingState
  /// Records as text, in which a loss that is not a number equals itself.
  let epochs: [String]
  let decisions: Data
  let table: [String]

  init(_ folder: String, on files: any FileSystem = SystemFiles()) throws {
    func bytes(_ name: String) throws -> Data { try readFile("\(folder)/\(name)", on: files) }
    let run = try RunDirectory(opening: folder, on: files)
    let checkpoint = try run.newestCheckpoint().found
    model = try bytes(RunDirectory.modelFile)
    best = try bytes(RunDirectory.bestFile)
    predictions = try bytes(RunDirectory.predictionsFile)
    decisions = try bytes(RunDirectory.decisionsFile)
    tensors = checkpoint?.tensors ?? Safetensors([])
    state = checkpoint?.manifest.state ?? TrainingState()
    epochs = try run.epochs().records.map { String(describing: $0.withoutTimes) }
    table = String(decoding: try bytes(RunDirectory.tableFile), as: UTF8.self)
      .split(separator: "\r\n").map { row in row.split(separator: ",").prefix(11).joined() }
  }
}

extension EpochRecord {
  /// The record without its clock columns.
  var withoutTimes: EpochRecord {
    var record = self
    (record.forwardSeconds, record.backwardSeconds, record.updateSeconds) = (0, 0, 0)
    (record.dataSeconds, record.switchSeconds, record.epochSeconds) = (0, 0, 0)
    record.communicationSeconds = 0
    record.imagesPerSecond = 0
    return record
  }
}

/// A path for a run's directory, removed afterwards.
func withRunFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "adabatch-\(UUID().uuidString)").path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}
