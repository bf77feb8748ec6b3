import ExecutorOneDNN
import Experiments
import RunRecords
import Testing
import Training

@Suite("Predicted time")
struct PredictionTests {
  private static func size(_ batchSize: Int, _ speed: Double, _ change: Double)
    -> StepMeasurement.BatchSize
  {
    StepMeasurement.BatchSize(
      batchSize: batchSize, microBatch: batchSize, steps: 1,
      stepSeconds: Double(batchSize) / speed, switchSeconds: change)
  }

  private let measurement = StepMeasurement(
    machine: .current, threads: 1, evaluationImagesPerSecond: 100,
    batchSizes: [size(50, 20, 1), size(100, 40, 3)])

  // By hand, 200 images and 50 to test with: an epoch takes 200/20 + 50/100 = 10.5 s at 50 and
  // 200/40 + 0.5 = 5.5 s at 100; going over costs 1 s and 3 s, once.
  @Test("is images over images per second, evaluation, and each change of size once")
  func seconds() throws {
    let plan = try plan(images: images(200, test: 50)) {
      ($0.network, $0.epochs, $0.batchSize, $0.maxBatch) = ("alexnet", 6, 50, 100)
      ($0.growthInterval, $0.testBatch) = (2, 50)
    }
    #expect(plan.run.totals.predictedSeconds == nil)
    let predicted = plan.predicted(by: measurement)
    #expect(predicted.run.phases.map(\.batchSize) == [50, 100, 100])
    #expect(predicted.run.phases.map(\.predictedSeconds) == [22, 14, 11])
    #expect(predicted.run.totals.predictedSeconds == 47)
    #expect(predicted.baselines.map(\.totals.predictedSeconds) == [64, 36])
    #expect(predicted.measurement == measurement)
    #expect(predicted.run.totals.updates == plan.run.totals.updates)
  }

  @Test("rests on updates of every size in the run, as it makes them")
  func measured() throws {
    let executor = try OneDNNExecutor(threads: 1)
    let plan = try plan(images: images(100)) {
      ($0.network, $0.epochs, $0.batchSize, $0.microBatch) = ("alexnet", 3, 8, .images(8))
    }
    var announced: [Int] = []
    let found = try StepMeasurement(plan, executor: executor, seconds: 0.01) {
      announced.append($0)
    }
    #expect(announced == [8, 16, 32])
    #expect(found.batchSizes.map(\.batchSize) == announced)
    #expect(found.batchSizes.map(\.microBatch) == [8, 8, 8])
    for size in found.batchSizes {
      #expect(size.steps >= 1 && size.stepSeconds > 0 && size.switchSeconds >= 0)
      #expect(size.imagesPerSecond == Double(size.batchSize) / size.stepSeconds)
    }
    #expect(found.evaluationImagesPerSecond > 0)
    let total = plan.predicted(by: found).run.totals.predictedSeconds ?? 0
    #expect(total > 0 && total.isFinite)
  }
}
