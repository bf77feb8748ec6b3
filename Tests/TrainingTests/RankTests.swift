import BatchPolicies
import Communication
import ExecutorOneDNN
import Executors
import Foundation
import Networks
import RunRecords
import TestSupport
import Testing
import Training

@Suite("A training on several ranks", .serialized)
struct RankTests {
  /// What has to be the same on every rank, and on every number of ranks.
  struct Bits: Equatable {
    let weights: [UInt32]
    let velocity: [UInt32]
    let numbers: [[Double]]
    let state: [Int]
    let scores: [ImageScore]

    init(_ trainer: Trainer, _ epochs: [EpochRecord]) {
      let learner = trainer.learner
      weights = (learner.weights.parameters.elements + learner.weights.statistics.elements)
        .map(\.bitPattern)
      velocity = learner.optimizer.velocity.elements.map(\.bitPattern)
      numbers = epochs.map {
        [$0.trainLoss, $0.trainAccuracy, $0.testLoss, $0.testAccuracy, $0.bestAccuracy]
      }
      scores = trainer.testScores
      let state = trainer.state
      self.state = [state.updates, state.samplesSeen, state.microBatchesTracked, state.bestEpoch]
    }
  }

  private static func trainer(
    _ ranks: Ranks, _ microBatch: TrainingSettings.MicroBatch, stop: StopRequest = StopRequest()
  ) throws -> Trainer {
    // 70 images: 16, 16, 16, 16, 6, then 32, 32, 6; uneven shares, short batches, idle ranks.
    try Trainer(
      NormedNetwork(), smallData(training: 70, test: 30), policy: growth(from: 16, to: 64),
      executor: OneDNNExecutor(threads: 1),
      options: TrainingOptions(
        epochs: 3, learningRate: 0.05, microBatch: microBatch, testBatch: 7, seed: 7),
      ranks: ranks, stop: stop)
  }

  private static func train(
    _ ranks: Ranks, _ microBatch: TrainingSettings.MicroBatch
  ) throws -> Bits {
    let trainer = try trainer(ranks, microBatch)
    var epochs: [EpochRecord] = []
    try trainer.train { epochs.append($0) }
    return Bits(trainer, epochs)
  }

  @Test("has the bits of one rank with a fixed micro-batch", arguments: [3, 4, 16])
  func sameBits(microBatch: Int) throws {
    let alone = try Self.train(Ranks(), .images(microBatch))
    for count in 2...5 {
      for result in onRanks(count, { try Self.train($0, .images(microBatch)) }) {
        #expect(try result.get() == alone, "\(count) ranks")
      }
    }
  }

  @Test("has the bits of batch/3 on three ranks that share the batch")
  func physicalGrowth() throws {
    let alone = try Self.train(Ranks(), .part(3))
    for result in onRanks(3, { try Self.train($0, .batch) }) { #expect(try result.get() == alone) }
    // The control: other shares are other sums.
    #expect(try Self.train(Ranks(), .batch) != alone)
  }

  @Test("stops at the same update on all ranks when one is asked to, and goes on on other numbers")
  func elastic() throws {
    let alone = try Self.train(Ranks(), .images(4))
    let stopped = onRanks(3) { ranks -> Checkpoint in
      let stop = StopRequest()
      let trainer = try Self.trainer(ranks, .images(4), stop: stop)
      do {
        try trainer.train(onUpdate: { if $0.updates == 6, ranks.own == 1 { stop.make() } })
        Issue.record("the training was not stopped")
      } catch let error as ExecutorError where error.code == .stopped {}
      #expect(trainer.state.updates == 6)
      return try Checkpoint(of: trainer)
    }
    let checkpoints = try stopped.map { try $0.get() }
    for count in [1, 2, 4] {
      let results = onRanks(count) { ranks -> Bits in
        let trainer = try Self.trainer(ranks, .images(4))
        // Only the first rank reads a checkpoint.
        if ranks.own == 0 { try trainer.restore(checkpoints[0]) }
        try trainer.train()
        return Bits(trainer, [])
      }
      for result in results {
        let bits = try result.get()
        #expect(bits.weights == alone.weights && bits.velocity == alone.velocity)
        #expect(bits.state == alone.state)
      }
    }
  }

  @Test("stops also where the rank that is asked has nothing to pass")
  func idleRank() throws {
    let results = onRanks(4) { ranks -> Int in
      let stop = StopRequest()
      // 16 images are one micro-batch; the fourth rank idles.
      let trainer = try Self.trainer(ranks, .images(16), stop: stop)
      do {
        try trainer.train(onUpdate: { if $0.updates == 2, ranks.own == 3 { stop.make() } })
        return -1
      } catch let error as ExecutorError where error.code == .stopped {
        return trainer.state.updates
      }
    }
    #expect(try results.map { try $0.get() } == [2, 2, 2, 2])
  }

  @Test("leaves on all ranks when one fails between two updates", arguments: 0..<3)
  func failure(failing: Int) throws {
    struct DiskFull: Error {}
    let results = onRanks(3) { ranks -> String in
      let trainer = try Self.trainer(ranks, .images(4))
      ranks.explain = { _ in ("the disk is full", 74) }
      do {
        try ranks.together {
          try trainer.train(onUpdate: { update in
            if update.updates == 3, ranks.own == failing { throw DiskFull() }
          })
        }
        return "finished"
      } catch is DiskFull {
        return "own"
      } catch let failure as RankFailure {
        return "\(failure.rank) \(failure.message) \(failure.code)"
      }
    }
    for (rank, result) in results.enumerated() {
      #expect(try result.get() == (rank == failing ? "own" : "\(failing) the disk is full 74"))
    }
  }

  @Test("counts what is sent in its epochs")
  func record() throws {
    let results = onRanks(3) { ranks -> [EpochRecord] in
      let trainer = try Self.trainer(ranks, .images(4))
      var epochs: [EpochRecord] = []
      try trainer.train { epochs.append($0) }
      return epochs
    }
    let epochs = try results[0].get()
    let graph = try Self.trainer(Ranks(), .images(4)).learner.graph
    let traffic = [4, 4, 4, 4, 2].map {
      UpdateTraffic(
        MicroBatchShares(count: $0, ranks: 3), parameterCount: graph.parameterCount,
        statisticCount: graph.statisticCount)
    }
    #expect(epochs[0].ranks == 3)
    #expect(epochs[0].messages == traffic.map(\.messages).reduce(0, +))
    #expect(epochs[0].messageBytes == traffic.map(\.bytes).reduce(0, +))
    // The batch has grown: fewer reductions.
    #expect(epochs[2].messageBytes < epochs[0].messageBytes)
  }
}

extension Checkpoint {
  /// As the training is now, without a file.
  fileprivate init(of trainer: Trainer) throws {
    self.init(
      number: 1, path: "none",
      manifest: CheckpointManifest(
        state: trainer.state, batchSize: 0, learningRate: 0, settings: ShortRun().settings.settings,
        versions: ComponentVersions(executor: "oneDNN"), machine: .current,
        data: trainer.dataset.fingerprint, records: [:], tensors: CheckpointManifest.Content()),
      tensors: Safetensors(try trainer.tensors().map(\.copied), metadata: [:]))
  }
}
