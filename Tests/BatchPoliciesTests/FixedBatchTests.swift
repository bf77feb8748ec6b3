import BatchPolicies
import Foundation
import Testing

@Suite struct FixedBatchTests {
  @Test("the batch stays, and the rate decays after each interval and not before")
  func decay() throws {
    let policy = try FixedBatch(batchSize: 64, decay: 0.5, interval: 2)

    let decisions = (0...5).map { policy.decision(for: Signals(epoch: $0, imageCount: 1000)) }
    #expect(decisions.map(\.batchSize) == [64, 64, 64, 64, 64, 64])
    #expect(decisions.map(\.learningRateFactor) == [1, 1, 0.5, 0.5, 0.25, 0.25])
  }

  @Test("every decision says why")
  func reasons() throws {
    let policy = try FixedBatch(batchSize: 64, interval: 2)

    let decisions = [1, 4].map { policy.decision(for: Signals(epoch: $0, imageCount: 1000)) }
    #expect(
      decisions.map(\.reason) == [
        "batch 64 for the whole run", "after 4 epochs: batch stays 64, rate × 0.375",
      ])
  }

  @Test("a policy read back decides the same")
  func roundTrip() throws {
    let policy = try FixedBatch(batchSize: 64, decay: 0.1 + 0.2, interval: 3)

    let data = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(FixedBatch.self, from: data) == policy)
  }
}
