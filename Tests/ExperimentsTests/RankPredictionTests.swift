import ExecutorOneDNN
import Executors
import Experiments
import RunRecords
import Testing
import Training

@Suite("A plan for several ranks")
struct RankPredictionTests {
  private static let parameters = 2_472_266

  private static func size(_ images: Int, _ seconds: Double) -> StepMeasurement.BatchSize {
    StepMeasurement.BatchSize(
      batchSize: images, microBatch: images, steps: 1, stepSeconds: seconds, switchSeconds: 0.5)
  }

  private let measurement = StepMeasurement(
    machine: .current, threads: 1, evaluationImagesPerSecond: 100,
    batchSizes: [size(5, 1), size(10, 3)])
  private let link = NetworkLink(latencySeconds: 0.25, bandwidthBytesPerSecond: 1e8)

  private func plan(
    ranks: Int, _ change: (inout TrainingSettings) -> Void = { _ in }
  ) throws -> TrainingPlan {
    let settings = settings {
      ($0.network, $0.policy, $0.epochs, $0.batchSize) = ("alexnet", "fixed", 2, 40)
      ($0.testBatch, $0.growthInterval) = (25, 2)
      change(&$0)
    }
    return try TrainingPlan(
      settings, images: images(200, test: 50), ranks: ranks, executor: ReferenceExecutor<Float>())
  }

  @Test("shares out micro-batches, and names the ranks that get none")
  func shares() throws {
    let shared = try #require(try plan(ranks: 4).run.phases[0].shared)
    #expect(shared.microBatch == 10 && shared.microBatchesOfARank == 1)
    #expect(shared.imagesOfARank == 10 && shared.idleRanks == 0)
    let parts = try #require(
      try plan(ranks: 3) { $0.microBatch = .images(5) }.run.phases[0].shared)
    #expect(parts.microBatchesOfARank == 3 && parts.imagesOfARank == 15)
    let idle = try #require(
      try plan(ranks: 4) { $0.microBatch = .images(20) }.run.phases[0].shared)
    #expect(idle.idleRanks == 2)
    let one = try plan(ranks: 1)
    #expect(one.ranks == nil && one.run.phases[0].shared == nil)
  }

  // 5 updates of 10 images a rank, 3 s each; a test batch of 25 of 100 a second; a change of 0.5 s.
  @Test("takes the busiest rank's passes, and what the model says of the communication")
  func seconds() throws {
    let phase = try plan(ranks: 4).predicted(by: measurement, over: link).run.phases[0]
    let model = CommunicationModel(link, ranks: 4)
    let update = model.updateSeconds(
      MicroBatchShares(count: 4, ranks: 4), parameterCount: Self.parameters, statisticCount: 0)
    let evaluation = model.evaluationSeconds(batches: 2, images: 50)
    #expect(phase.shared?.computeSeconds == 3)
    #expect(phase.shared?.communicationSeconds == update)
    let expected = 2 * (5 * (3 + update) + 0.25 + evaluation) + 0.5
    #expect(abs((phase.predictedSeconds ?? 0) - expected) < 1e-9)
  }

  // 8 images on the line from 5 (1 s) to 10 (3 s); 3 of 5; 2 from nothing to 5.
  @Test(
    "reads sizes between those that were measured on a line",
    arguments: [
      (30, TrainingSettings.MicroBatch.batch, 2.2), (40, .images(5), 2), (6, .batch, 0.4),
    ])
  func line(batchSize: Int, microBatch: TrainingSettings.MicroBatch, seconds: Double) throws {
    let plan = try plan(ranks: 4) { ($0.batchSize, $0.microBatch) = (batchSize, microBatch) }
    let shared = try plan.predicted(by: measurement, over: link).run.phases[0].shared
    #expect(abs((shared?.computeSeconds ?? 0) - seconds) < 1e-12)
  }

  // Own parameters, momentum, one gradient, and the other rank's sum of half of it.
  @Test("counts other ranks' sums as memory")
  func memory() throws {
    #expect(try plan(ranks: 2).run.totals.memory.weights == 4 * 7 * Self.parameters / 2)
  }

  @Test("measures each rank's micro-batches, and for fewer ranks a handful of larger ones")
  func measured() throws {
    let executor = try OneDNNExecutor(threads: 1)
    let settings = settings {
      ($0.network, $0.policy, $0.epochs, $0.batchSize) = ("alexnet", "fixed", 1, 12)
      ($0.testBatch, $0.growthInterval) = (10, 1)
    }
    let plan = try TrainingPlan(settings, images: images(100), ranks: 6, executor: executor)
    let own = try StepMeasurement(plan, executor: executor, seconds: 0.01)
    #expect(own.batchSizes.map(\.batchSize) == [2])
    var announced: [Int] = []
    let all = try StepMeasurement(plan, executor: executor, scaling: true, seconds: 0.01) {
      announced.append($0)
    }
    #expect(announced == [2, 4, 8, 12])
    #expect(all.batchSizes.map(\.batchSize) == announced)
    let table = try plan.predicted(by: all, over: link, scaling: true).scaling
    #expect(table?.arms.map(\.name) == ["fixed 12"])
    #expect(table?.arms[0].cells.map(\.ranks) == [1, 2, 4, 6])
    #expect(table?.arms[0].cells.allSatisfy { $0.refusal == nil } == true)
  }
}

@Suite("A scaling table")
struct ScalingTableTests {
  @Test("has 1, 2, 4, … ranks and the last one")
  func counts() {
    #expect(ScalingTable.rankCounts(upTo: 1) == [1])
    #expect(ScalingTable.rankCounts(upTo: 2) == [1, 2])
    #expect(ScalingTable.rankCounts(upTo: 6) == [1, 2, 4, 6])
    #expect(ScalingTable.rankCounts(upTo: 1024).count == 11)
  }

  @Test("says where the next row gains less than a tenth")
  func end() {
    #expect(Self.arm([100, 50, 45.5, 20]).stopsScalingAt == 2)
    #expect(Self.arm([100, 50, 44, 20]).stopsScalingAt == nil)
    #expect(Self.arm([100, 120]).stopsScalingAt == 1)
    #expect(Self.arm([nil, 120, 60]).stopsScalingAt == nil)
  }

  private static func arm(_ seconds: [Double?]) -> ScalingTable.Arm {
    let cells = seconds.enumerated().map { index, seconds in
      ScalingTable.Cell(
        ranks: 1 << index, predictedSeconds: seconds, communicationShare: nil, idleRanks: 0,
        refusal: seconds == nil ? "unknown" : nil)
    }
    return ScalingTable.Arm(name: "some", cells: cells)
  }

  // 40 images on one rank are more than were measured; from 2 on 3 s, 1.5 s for 20 and 10.
  @Test("tells the speed-up and the idle ranks, and why a row has no time")
  func rows() throws {
    let settings = settings {
      ($0.network, $0.epochs, $0.batchSize, $0.maxBatch) = ("alexnet", 2, 20, 40)
      ($0.testBatch, $0.growthInterval, $0.microBatch) = (50, 1, .batch)
    }
    let sizes = [10, 20].map {
      StepMeasurement.BatchSize(
        batchSize: $0, microBatch: $0, steps: 1, stepSeconds: Double($0), switchSeconds: 0)
    }
    let measurement = StepMeasurement(
      machine: .current, threads: 1, evaluationImagesPerSecond: 1e9, batchSizes: sizes)
    let link = NetworkLink(latencySeconds: 0, bandwidthBytesPerSecond: 1e30)
    let plan = try TrainingPlan(
      settings, images: images(200, test: 50), ranks: 4, executor: ReferenceExecutor<Float>())
    let table = try #require(
      try plan.predicted(by: measurement, over: link, scaling: true).scaling)
    #expect(table.arms.map(\.name) == ["fixed 20", "AdaBatch 20–40", "fixed 40"])
    let small = table.arms[0].cells
    #expect(small.map { Int(($0.predictedSeconds ?? 0).rounded()) } == [400, 200, 100])
    #expect(small.map { Int(($0.speedup ?? 0).rounded()) } == [1, 2, 4])
    let large = table.arms[2].cells
    #expect(large[0].predictedSeconds == nil && large[2].speedup == nil)
    #expect(large[0].refusal == "40 images together need more memory than there is here")
    #expect((large[1].predictedSeconds ?? 0).rounded() == 200)
  }
}
