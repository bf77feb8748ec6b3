import BatchPolicies
import Foundation
import Testing

@Suite struct AdaBatchGrowthTests {
  private let images = 50_000

  private func decisions(
    of policy: AdaBatchGrowth, epochs: some Sequence<Int>, imageCount: Int = 50_000
  ) -> [BatchDecision] {
    epochs.map { policy.decision(for: Signals(epoch: $0, imageCount: imageCount)) }
  }

  @Test("the batch changes after each interval and not before")
  func interval() throws {
    let policy = try AdaBatchGrowth(initialBatchSize: 32, interval: 3, maximumBatchSize: 512)

    let sizes = decisions(of: policy, epochs: 0...9).map(\.batchSize)
    #expect(sizes == [32, 32, 32, 64, 64, 64, 128, 128, 128, 256])
  }

  @Test("a factor that is not whole rounds every size down, from the size before")
  func rounding() throws {
    let policy = try AdaBatchGrowth(
      initialBatchSize: 5, growthFactor: 1.5, interval: 1, maximumBatchSize: 1000)

    #expect(decisions(of: policy, epochs: 0...4).map(\.batchSize) == [5, 7, 10, 15, 22])
  }

  @Test("at the limit the rate also takes the share of the growth that was not had")
  func limit() throws {
    let policy = try AdaBatchGrowth(initialBatchSize: 100, interval: 1, maximumBatchSize: 300)

    let decisions = decisions(of: policy, epochs: 0...3)
    #expect(decisions.map(\.batchSize) == [100, 200, 300, 300])
    let factors = [1, 0.75, 0.75 * (0.75 * (300.0 / 400)), 0.421875 * (0.75 * (300.0 / 600))]
    #expect(decisions.map(\.learningRateFactor) == factors)
  }

  @Test("after growth has ended, rate over batch size falls as in the decayed baseline")
  func paceAfterGrowth() throws {
    let policy = try AdaBatchGrowth(initialBatchSize: 100, interval: 1, maximumBatchSize: 300)
    let baseline = try FixedBatch(batchSize: 100, interval: 1)

    for epoch in 0..<12 {
      let signals = Signals(epoch: epoch, imageCount: images)
      let (growing, fixed) = (policy.decision(for: signals), baseline.decision(for: signals))
      let ratio =
        growing.learningRateFactor / fixed.learningRateFactor * Double(fixed.batchSize)
        / Double(growing.batchSize)
      #expect(abs(ratio - 1) < 1e-14)
    }
  }

  @Test("the batch never passes the training set, as in NVlabs' script")
  func trainingSet() throws {
    let policy = try AdaBatchGrowth(initialBatchSize: 64, interval: 1, maximumBatchSize: 1024)

    let decisions = decisions(of: policy, epochs: 0...3, imageCount: 150)
    #expect(decisions.map(\.batchSize) == [64, 128, 150, 150])
    #expect(decisions[2].learningRateFactor == 0.75 * (0.75 * (150.0 / 256)))
  }

  @Test("every decision says why")
  func reasons() throws {
    let policy = try AdaBatchGrowth(initialBatchSize: 100, interval: 5, maximumBatchSize: 300)

    #expect(
      decisions(of: policy, epochs: [4, 5, 14, 15]).map(\.reason) == [
        "initial batch size 100",
        "after 5 epochs: batch 100 × 2 = 200, rate × 0.75",
        "after 10 epochs: batch 200 × 2 held at the limit of 300, rate × 0.75 × 300 / 400",
        "after 15 epochs: batch 300 × 2 held at the limit of 300, rate × 0.75 × 300 / 600",
      ])
    #expect(
      decisions(of: policy, epochs: [5], imageCount: 150).map(\.reason) == [
        "after 5 epochs: batch 100 × 2 held at the training set's 150, rate × 0.75 × 150 / 200"
      ])
  }

  @Test("a start above the training set does not shrink, and is refused when it is checked")
  func startAboveTrainingSet() throws {
    let policy = try AdaBatchGrowth(initialBatchSize: 64, interval: 1, maximumBatchSize: 1024)
    let signals = Signals(epoch: 1, imageCount: 50)

    #expect(policy.decision(for: signals).batchSize == 64)
    let error = #expect(throws: PolicyError.self) { try policy.checkedDecision(for: signals) }
    #expect(
      error?.description == """
        the batch size of epoch 2 is 64, but needs to be at most 50, the images of the training set
          fix: lower the batch size, or train on more images
        """)
  }

  @Test("sizes that no machine could hold end at the limit instead of overflowing")
  func enormousFactor() throws {
    let policy = try AdaBatchGrowth(
      initialBatchSize: 128, growthFactor: 1e300, interval: 1, maximumBatchSize: .max)

    #expect(decisions(of: policy, epochs: [1, 9]).map(\.batchSize) == [images, images])
    let signals = Signals(epoch: 9, imageCount: images)
    #expect(throws: PolicyError.self) { try policy.checkedDecision(for: signals) }
  }

  @Test("a policy read back decides the same")
  func roundTrip() throws {
    let policy = try AdaBatchGrowth(
      initialBatchSize: 128, growthFactor: 1.1, interval: 7, maximumBatchSize: 999, decay: 0.9)

    let data = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(AdaBatchGrowth.self, from: data) == policy)
  }
}
