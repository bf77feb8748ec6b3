import Experiments
import Foundation
import RunRecords
import Training

/// Run directories whose numbers a test chooses, without a training.
struct MadeRuns {
  let folder: String

  /// What a run is to have come to.
  struct Numbers {
    /// Test accuracies of the epochs, in percent.
    var accuracies = [50.0, 60]
    var updates = 100
    /// Forward, backward, update, data, communication, and all, of each epoch.
    var seconds = [1.0, 2, 0.5, 0.1, 0, 4]
    /// The first so many of 100 test images are classified right; nil for no predictions.
    var right: Range<Int>? = 0..<60
    var isFinished = true
    var ranks = 1
  }

  func write(
    _ run: ExperimentRun, _ numbers: Numbers, change: (inout RunSettings) -> Void = { _ in }
  ) throws {
    let directory = try RunDirectory(creatingAt: "\(folder)/\(run.name)")
    var record = RunSettings(
      adabatch: "0", command: "none", settings: run.settings,
      versions: ComponentVersions(executor: "none"),
      machine: Machine(
        cpu: "one", cores: 1, memoryBytes: 0, operatingSystem: "", kernel: "", instructionSet: ""))
    change(&record)
    try directory.write(record)
    for epoch in numbers.accuracies.indices { try directory.append(numbers.epoch(epoch)) }
    if let right = numbers.right { try directory.write(Self.predictions(right)) }
    if numbers.isFinished { try directory.write(Safetensors([])) }
  }

  private static func predictions(_ right: Range<Int>) -> TestPredictions {
    let guesses = (0..<100).map { right.contains($0) ? 0 : 1 }
    return TestPredictions(
      classNames: ["a", "b"], labels: Array(repeating: 0, count: 100), predictions: guesses,
      losses: Array(repeating: 1, count: 100), worst: [], imageShape: [1, 1, 1], worstImages: [])
  }
}

extension MadeRuns.Numbers {
  fileprivate func epoch(_ index: Int) -> EpochRecord {
    EpochRecord(
      epoch: index + 1, batchSize: 1, microBatch: 1, learningRate: 1,
      updates: updates * (index + 1) / accuracies.count, samplesSeen: 1000 * (index + 1),
      trainLoss: 1, trainAccuracy: 1, testLoss: 1, testAccuracy: accuracies[index],
      bestAccuracy: accuracies[...index].max() ?? 0, forwardSeconds: seconds[0],
      backwardSeconds: seconds[1], updateSeconds: seconds[2], dataSeconds: seconds[3],
      switchSeconds: 0, communicationSeconds: seconds[4], epochSeconds: seconds[5],
      imagesPerSecond: 1000, ranks: ranks)
  }
}

/// An experiment of arms with made settings, in a folder of its own.
func withExperiment<Result>(
  arms: [String] = ["adabatch", "smallest"], seeds: [UInt64] = [1], baseline: String = "smallest",
  accuracies: [Double] = [], allowing: [String] = [],
  change: (Experiment.Arm, inout TrainingSettings) -> Void = { _, _ in },
  _ body: (Experiment, [ExperimentRun], MadeRuns) throws -> Result
) throws -> Result {
  let experiment = try Experiment(
    "made", arms: arms.map { Experiment.Arm($0, [:]) }, seeds: seeds, baseline: baseline,
    accuracies: accuracies, allowedDifferences: allowing)
  let runs = experiment.runs { arm, seed in
    settings {
      ($0.seed, $0.epochs, $0.growthInterval) = (seed, 2, 1)
      change(arm, &$0)
    }
  }
  let folder = FileManager.default.temporaryDirectory.appending(path: "adabatch-\(UUID())").path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(experiment, runs, MadeRuns(folder: folder))
}

extension Comparison {
  /// Of made runs.
  init(_ experiment: Experiment, _ runs: [ExperimentRun], _ made: MadeRuns) throws {
    self.init(
      experiment, runs, in: made.folder,
      try Comparability(runs, allowing: experiment.allowedDifferences))
  }
}
