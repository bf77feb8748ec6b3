import BatchPolicies
import Testing

@Suite struct DecayOrGrowthTests {
  private let imageCount = 50_000

  /// Rate over batch size in every epoch, the initial rate being 1.
  private func noise(_ policy: some BatchPolicy) -> [Double] {
    (0..<100).map { epoch in
      let decision = policy.decision(for: Signals(epoch: epoch, imageCount: imageCount))
      return decision.learningRateFactor / Double(decision.batchSize)
    }
  }

  private func distance(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).map { abs($0 / $1 - 1) }.max() ?? .infinity
  }

  @Test("decay 0.5 at a fixed batch is growth 2 at a rate that is kept: Smith et al. 2018")
  func whole() throws {
    let fixed = try FixedBatch(batchSize: 128, decay: 0.5, interval: 20)
    let growing = try fixed.growing(upTo: 2048)

    #expect(
      growing
        == (try AdaBatchGrowth(
          initialBatchSize: 128, growthFactor: 2, interval: 20, maximumBatchSize: 2048, decay: 1)))
    #expect(noise(growing) == noise(fixed))
  }

  @Test("the paper's decay of 0.375 is its growth 2 with decay 0.75, and back")
  func papersMix() throws {
    let fixed = try FixedBatch(batchSize: 128, decay: 0.375, interval: 20)
    let growing = try fixed.growing(by: 2, upTo: 2048)

    #expect(
      growing == (try AdaBatchGrowth(initialBatchSize: 128, interval: 20, maximumBatchSize: 2048)))
    #expect(noise(growing) == noise(fixed))
    #expect(try growing.fixed() == fixed)
  }

  @Test("beyond the limit the rate takes what the batch cannot, so the ratio stays the same")
  func limited() throws {
    let fixed = try FixedBatch(batchSize: 128, decay: 0.25, changes: .after([10, 30, 70]))
    let growing = try fixed.growing(upTo: 1000)

    let decisions = [10, 30, 70].map {
      growing.decision(for: Signals(epoch: $0, imageCount: imageCount))
    }
    #expect(decisions.map(\.batchSize) == [512, 1000, 1000])
    #expect(decisions.map(\.learningRateFactor) == [1, 1000.0 / 2048, 1000.0 / 2048 * 0.25])
    #expect(distance(noise(growing), noise(fixed)) < 1e-14)
  }

  @Test("a batch that has to be rounded is off by less than one image at each change")
  func rounded() throws {
    let fixed = try FixedBatch(batchSize: 128, decay: 0.3, interval: 20)
    let growing = try fixed.growing(upTo: 50_000)

    #expect(growing.decay == 1)
    let oneImage = 1.0 / 426 + 1.0 / 1420 + 1.0 / 4733 + 1.0 / 15776
    #expect(distance(noise(growing), noise(fixed)) < oneImage)
    #expect(abs(try growing.fixed().decay - 0.3) < 1e-15)
  }

  @Test("what has no equal is refused")
  func impossible() throws {
    let constant = try FixedBatch(batchSize: 128, decay: 1, interval: 20)
    #expect(throws: PolicyError.self) { try constant.growing(upTo: 2048) }
    let fixed = try FixedBatch(batchSize: 128, decay: 0.5, interval: 20)
    let rising = #expect(throws: PolicyError.self) { try fixed.growing(by: 4, upTo: 2048) }
    #expect(
      rising?.description == """
        growthFactor is 4, but needs to be at most 1 / decay = 2, or the rate would have to rise
          fix: leave it out for a rate that is kept, or give less
        """)
    #expect(throws: PolicyError.self) { try fixed.growing(upTo: 64) }
    let apart = try AdaBatchGrowth(
      initialBatchSize: 128, changes: .every(20), rateChanges: .every(30), maximumBatchSize: 2048)
    let error = #expect(throws: PolicyError.self) { try apart.fixed() }
    #expect(error?.setting == "rateMilestones")
  }

  @Test("two plans side by side are cut where either changes")
  func table() throws {
    let left = try BatchPlan(
      policy: FixedBatch(batchSize: 10, decay: 0.5, changes: .after([2])), epochs: 4,
      imageCount: 100)
    let right = try BatchPlan(
      policy: AdaBatchGrowth(
        initialBatchSize: 10, changes: .after([3]), maximumBatchSize: 40, decay: 1), epochs: 4,
      imageCount: 100)

    #expect(
      left.table(beside: right, names: ("left", "right"), initialRate: 0.1) == """
                                            left                             right
        epochs  batch  rate  rate/batch  updates  batch  rate  rate/batch  updates
        1–2        10   0.1        0.01       20     10   0.1        0.01       20
        3          10  0.05       0.005       10     10   0.1        0.01       10
        4          10  0.05       0.005       10     20   0.1       0.005        5
        all 4                                 40                                35
        """)
  }
}
