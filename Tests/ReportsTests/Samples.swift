import BatchPolicies
import Foundation
import RunRecords

/// A run that a test makes up: smooth curves, one change after half of the epochs.
struct SampleRun {
  var network = "alexnet"
  var policy = "adabatch"
  var batchSize = 128
  var maxBatch: Int? = 256
  var epochs = 10
  var best = 75.0
  var secondsPerEpoch = 10.0
  var seed: UInt64 = 1
  var command = "adabatch train"
  var classNames = ["cat", "dog"]
  var isFinished = true
  var hasPredictions = false
  var measuresNoise = false

  @discardableResult
  func write(to path: String) throws -> RunDirectory {
    let run = try RunDirectory(creatingAt: path)
    try run.write(settings)
    for epoch in 1...epochs {
      try decide(in: run, epoch)
      try run.append(record(epoch))
    }
    if hasPredictions { try run.write(predictions) }
    if isFinished { try run.write(Safetensors([])) }
    return run
  }

  func size(in epoch: Int) -> Int { epoch > epochs / 2 ? maxBatch ?? batchSize : batchSize }

  private var settings: RunSettings {
    RunSettings(
      adabatch: "0.2.0", command: command, started: "2026-01-31T23:59:59Z",
      settings: TrainingSettings(
        dataset: "cifar10", data: "/data/cifar10", network: network, classes: 10, policy: policy,
        epochs: isFinished ? epochs : 2 * epochs, batchSize: batchSize, testBatch: 100,
        growthFactor: policy == "adabatch" ? 2 : nil, growthInterval: epochs / 2,
        maxBatch: policy == "fixed" ? nil : maxBatch, learningRate: 0.01, decay: 0.75,
        momentum: 0.9, weightDecay: 5e-4, microBatch: .batch, dropLast: false, seed: seed,
        threads: 2),
      versions: ComponentVersions(swift: "6.3", oneDNN: "3.2.0", executor: "oneDNN, AVX2"),
      machine: Machine(
        cpu: "AMD EPYC", cores: 2, memoryBytes: 16 << 30, operatingSystem: "Debian 12",
        kernel: "Linux 6.1", instructionSet: "avx2"))
  }

  private func record(_ epoch: Int) -> EpochRecord {
    let accuracy = best * (1 - exp(-Double(epoch) / 3)) / (1 - exp(-Double(epochs) / 3))
    let updates = (1...epoch).reduce(0) { $0 + (50_000 + size(in: $1) - 1) / size(in: $1) }
    return EpochRecord(
      epoch: epoch, batchSize: size(in: epoch), microBatch: size(in: epoch),
      learningRate: epoch > epochs / 2 ? 0.0075 : 0.01, updates: updates,
      samplesSeen: 50_000 * epoch, trainLoss: 2.3 * exp(-Double(epoch) / 4),
      trainAccuracy: accuracy,
      testLoss: 1, testAccuracy: accuracy, bestAccuracy: accuracy,
      forwardSeconds: secondsPerEpoch * 0.3, backwardSeconds: secondsPerEpoch * 0.5,
      updateSeconds: secondsPerEpoch * 0.05, dataSeconds: 0, switchSeconds: 0,
      epochSeconds: secondsPerEpoch, imagesPerSecond: 50_000 / (secondsPerEpoch * 0.9))
  }

  private func decide(in run: RunDirectory, _ epoch: Int) throws {
    let isChange = epoch == 1 || size(in: epoch) != size(in: epoch - 1)
    guard isChange || measuresNoise else { return }
    var decision = DecisionRecord(
      epoch: epoch, batchSize: size(in: epoch), microBatch: size(in: epoch), learningRate: 0.01,
      reason: isChange ? "batch \(size(in: epoch))" : "as it was")
    decision.action = epoch == 1 ? .start : isChange ? .change : .keep
    if measuresNoise {
      var evidence = Evidence(signal: "noise scale")
      evidence.value = 100 * exp(Double(epoch) / 5)
      evidence.lower = 60 * exp(Double(epoch) / 5)
      evidence.upper = epoch == 2 ? nil : 160 * exp(Double(epoch) / 5)
      evidence.alternatives = [.init(batchSize: 512, score: nil, objection: "above the interval")]
      decision.evidence = evidence
    }
    try run.append(decision)
  }

  private var predictions: TestPredictions {
    let shape = [3, 4, 4]
    return TestPredictions(
      classNames: classNames, labels: [0, 0, 0, 0, 1, 1], predictions: [0, 0, 0, 1, 1, 0],
      losses: [0.1, 0.2, 0.3, 4, 0.1, 3], worst: [3, 5], imageShape: shape,
      worstImages: (0..<96).map { UInt8($0 * 2) })
  }
}

/// Three arms of two networks, one of them unfinished, one with predictions, one that measures.
func writeSampleRuns(in folder: TemporaryFolder) throws -> [String] {
  let runs: [(String, SampleRun)] = [
    ("ada", SampleRun(hasPredictions: true)),
    ("small", SampleRun(policy: "fixed", maxBatch: nil, best: 75.5, secondsPerEpoch: 12)),
    ("large", SampleRun(policy: "fixed", batchSize: 256, best: 40, secondsPerEpoch: 9)),
    ("res-ada", SampleRun(network: "resnet20", best: 88, secondsPerEpoch: 50)),
    (
      "res-noise",
      SampleRun(
        network: "resnet20", policy: "noise-scale", maxBatch: 512, best: 88.2,
        secondsPerEpoch: 52, measuresNoise: true)
    ),
    (
      "res-small",
      SampleRun(
        network: "resnet20", policy: "fixed", maxBatch: nil, best: 88.1, secondsPerEpoch: 60,
        isFinished: false)
    ),
  ]
  return try runs.map { name, run in
    try run.write(to: folder(name))
    return folder(name)
  }
}
