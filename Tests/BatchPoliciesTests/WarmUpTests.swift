import BatchPolicies
import Foundation
import Testing

@Suite struct WarmUpTests {
  private func warmUp(batchSize: Int = 40, epochs: Int = 4) throws -> WarmUp<AdaBatchGrowth> {
    try WarmUp(
      AdaBatchGrowth(initialBatchSize: batchSize, interval: 5, maximumBatchSize: 80),
      epochs: epochs, baselineBatchSize: 10)
  }

  @Test("the plan shows every epoch of the climb, then the phases of what is warmed up")
  func plan() throws {
    let plan = try BatchPlan(policy: try warmUp(), epochs: 10, imageCount: 80)

    #expect(
      plan.table(initialRate: 0.1) == """
        epochs  batch  rate  updates  images
        1          40   0.1        2      80
        2          40   0.2        2      80
        3          40   0.3        2      80
        4–5        40   0.4        4     160
        6–10       80   0.3        5     400
        all 10                    15     800
        """)
    #expect(
      plan.phases.map(\.reason) == [
        "initial batch size 40; warm-up 1 of 4, rate × 1",
        "initial batch size 40; warm-up 2 of 4, rate × 2",
        "initial batch size 40; warm-up 3 of 4, rate × 3",
        "initial batch size 40; warm-up 4 of 4, rate × 4",
        "after 5 epochs: batch 40 × 2 = 80, rate × 0.75",
      ])
  }

  @Test("a growth inside the climb does not change what is climbed to")
  func growthInside() throws {
    let growth = try AdaBatchGrowth(
      initialBatchSize: 20, interval: 1, maximumBatchSize: 80, decay: 1)
    let policy = try WarmUp(growth, epochs: 3, baselineBatchSize: 10)

    let decisions = (0..<3).map { policy.decision(for: Signals(epoch: $0, imageCount: 1000)) }
    #expect(decisions.map(\.batchSize) == [20, 40, 80])
    #expect(decisions.map(\.learningRateFactor) == [1, 1.5, 2])
  }

  @Test(
    "a warm-up that cannot be is refused",
    arguments: [(1, 10, "warmUpEpochs"), (-3, 10, "warmUpEpochs"), (5, 0, "baselineBatchSize")])
  func impossible(epochs: Int, baseline: Int, setting: String) throws {
    let fixed = try FixedBatch(batchSize: 10, interval: 1)
    let error = #expect(throws: PolicyError.self) {
      try WarmUp(fixed, epochs: epochs, baselineBatchSize: baseline)
    }
    #expect(error?.setting == setting)
    #expect(error?.code == .outOfRange)
  }

  @Test("what goes on from the rate in force is refused, for the climb would be in it already")
  func measuring() throws {
    let measured = try MeasuredBatch(
      Plateau(), initialBatchSize: 10, limits: 10...40, coupling: .decay)
    let error = #expect(throws: PolicyError.self) {
      try WarmUp(measured, epochs: 5, baselineBatchSize: 10)
    }
    #expect(
      error?.description == """
        warmUpEpochs is 5, but needs to be 0 with a policy that measures, which goes on from the rate \
        in force
          fix: leave the warm-up out, or start with the batch size that the rate was chosen for
        """)
  }

  @Test("a warm-up read back is the same, and a file cannot hold an impossible one")
  func roundTrip() throws {
    let policy = try warmUp()
    let data = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(WarmUp<AdaBatchGrowth>.self, from: data) == policy)

    let text = String(decoding: data, as: UTF8.self).replacingOccurrences(
      of: "\"baselineBatchSize\":10", with: "\"baselineBatchSize\":0")
    #expect(throws: PolicyError.self) {
      try JSONDecoder().decode(WarmUp<AdaBatchGrowth>.self, from: Data(text.utf8))
    }
  }
}
