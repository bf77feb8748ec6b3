import BatchPolicies
import Foundation
import Testing

/// Witness/schedule.json: the reference's schedules epoch by epoch, made by a plain Python script.
private struct Schedules: Decodable {
  struct Arm: Decodable {
    var name: String
    var dropsLast: Bool
    var firstBatchSize: Int
    var batchFactor: Double
    var rateFactor: Double
    var totalUpdates: Int
    var batchSize: [Int]
    var rate: [Double]
    var updates: [Int]
    var samplesSeen: [Int]
  }

  var images: Int
  var epochs: Int
  var firstRate: Double
  var arms: [Arm]

  static func load() throws -> Schedules {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Witness/schedule.json")
    return try JSONDecoder().decode(Schedules.self, from: Data(contentsOf: file))
  }

  func plan(_ arm: Arm) throws -> BatchPlan {
    let interval = ReferenceRecipe.interval(epochs: epochs)
    if arm.batchFactor == 1 {
      let policy = try FixedBatch(
        batchSize: arm.firstBatchSize, decay: arm.rateFactor, interval: interval)
      return try BatchPlan(
        policy: policy, epochs: epochs, imageCount: images, dropLast: arm.dropsLast)
    }
    let limit = ReferenceRecipe.maximumBatchSize(initialBatchSize: arm.firstBatchSize)
    let policy = try AdaBatchGrowth(
      initialBatchSize: arm.firstBatchSize, growthFactor: arm.batchFactor, interval: interval,
      maximumBatchSize: limit, decay: arm.rateFactor)
    return try BatchPlan(
      policy: policy, epochs: epochs, imageCount: images, dropLast: arm.dropsLast)
  }
}

@Suite struct ScheduleWitnessTests {
  @Test("every epoch of the paper's six arms is as an independent script has it")
  func arms() throws {
    let schedules = try Schedules.load()
    #expect(schedules.arms.count == 12)  // six, with and without an incomplete last batch

    for arm in schedules.arms {
      let plan = try schedules.plan(arm)
      let epochs = plan.phases.flatMap { phase in phase.epochs.map { _ in phase } }
      let name = Comment(rawValue: "\(arm.name), dropping the last batch: \(arm.dropsLast)")

      #expect(epochs.map(\.batchSize) == arm.batchSize, name)
      #expect(epochs.map(\.updatesPerEpoch) == arm.updates, name)
      #expect(plan.totalUpdates == arm.totalUpdates, name)
      #expect(runningSums(epochs.map(\.samplesPerEpoch)) == arm.samplesSeen, name)
      // Exact: these decays are sums of few powers of two, so every order of products agrees.
      #expect(epochs.map { schedules.firstRate * $0.learningRateFactor } == arm.rate, name)
    }
  }

  private func runningSums(_ counts: [Int]) -> [Int] {
    counts.reduce(into: []) { sums, count in sums.append((sums.last ?? 0) + count) }
  }
}
