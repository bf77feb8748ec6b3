import Foundation
import RunRecords

extension EpochRecord {
  /// A record with a different number for every key, none of which a float would keep.
  static func sample(epoch: Int = 1) -> EpochRecord {
    EpochRecord(
      epoch: epoch, batchSize: 256, microBatch: 128, learningRate: 0.1 + 0.2, updates: 390,
      samplesSeen: 49_920, trainLoss: 1.7, trainAccuracy: 38.25, testLoss: 1.5,
      testAccuracy: 45.5, bestAccuracy: 46.75, forwardSeconds: 10.5, backwardSeconds: 20.25,
      updateSeconds: 0.5, dataSeconds: 0.125, switchSeconds: 1e-7, epochSeconds: 33.5,
      imagesPerSecond: 1543.21)
  }
}

extension TrainingSettings {
  static func sample(
    data: String? = "/data/cifar 10: the \"real\" one, Größe", microBatch: MicroBatch = .batch
  ) -> TrainingSettings {
    TrainingSettings(
      dataset: "cifar10", data: data, network: "resnet20", classes: 10, policy: "adabatch",
      epochs: 100, batchSize: 128, testBatch: 100, growthFactor: 2, growthInterval: 20,
      maxBatch: 2048, learningRate: 0.01, decay: 0.75, momentum: 0.9, weightDecay: 5e-4,
      microBatch: microBatch, dropLast: true, seed: .max, threads: 2)
  }
}

extension Machine {
  static let sample = Machine(
    cpu: "AMD EPYC 9965", cores: 2, memoryBytes: 16_777_216_000,
    operatingSystem: "Debian GNU/Linux 12 (bookworm)", kernel: "Linux 6.1.0",
    instructionSet: "avx2 avx512f")
}

extension RunSettings {
  static func sample(settings: TrainingSettings = .sample()) -> RunSettings {
    RunSettings(
      adabatch: "0.1.0", command: "adabatch train --network resnet20 --run runs/a",
      started: "2026-01-31T23:59:59Z", settings: settings,
      versions: ComponentVersions(swift: "6.3", oneDNN: "3.2.0", executor: "oneDNN"),
      machine: .sample)
  }
}

/// A file that a script in Witness made.
func witness(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Witness/\(name)")
}
