import BatchPolicies
import Testing

/// A policy as a user would write it: no growth, no interval, any rule at all.
private struct Staircase: BatchPolicy {
  var sizes: [Int]
  var factor = 1.0

  func decision(for signals: Signals) -> BatchDecision {
    BatchDecision(
      batchSize: sizes[min(signals.epoch, sizes.count - 1)], learningRateFactor: factor,
      reason: "step \(signals.epoch)")
  }
}

@Suite struct BatchPlanTests {
  @Test("epochs that are alike are one phase, and a size that comes back is another")
  func phases() throws {
    let plan = try BatchPlan(
      policy: Staircase(sizes: [10, 10, 40, 10]), epochs: 5, imageCount: 100)

    #expect(plan.phases.map(\.epochs) == [0..<2, 2..<3, 3..<5])
    #expect(plan.phases.map(\.batchSize) == [10, 40, 10])
    #expect(plan.phases.map(\.reason) == ["step 0", "step 2", "step 3"])
  }

  @Test("says what an epoch is trained with, and what the batch changes to after it")
  func epochs() throws {
    let plan = try BatchPlan(
      policy: WarmUp(
        AdaBatchGrowth(initialBatchSize: 20, interval: 3, maximumBatchSize: 40), epochs: 2,
        baselineBatchSize: 10),
      epochs: 5, imageCount: 100)

    #expect((0...5).map { plan.phase(of: $0)?.batchSize } == [20, 20, 20, 40, 40, nil])
    #expect(
      (0...5).map { plan.nextChange(after: $0)?.epochs.lowerBound } == [3, 3, 3, nil, nil, nil])
  }

  @Test(
    "an incomplete last batch is an update unless it is dropped",
    arguments: [(10, false, 10, 100), (30, false, 4, 100), (30, true, 3, 90), (100, true, 1, 100)])
  func lastBatch(batchSize: Int, dropLast: Bool, updates: Int, samples: Int) throws {
    let plan = try BatchPlan(
      policy: Staircase(sizes: [batchSize]), epochs: 3, imageCount: 100, dropLast: dropLast)

    #expect(plan.phases.map(\.updatesPerEpoch) == [updates])
    #expect(plan.phases.map(\.samplesPerEpoch) == [samples])
    #expect(plan.totalUpdates == 3 * updates)
    #expect(plan.totalSamples == 3 * samples)
  }

  @Test("the printed plan is a table of phases and their sum")
  func table() throws {
    let plan = try ReferenceScheduleTests.plan(ReferenceScheduleTests.growth(from: 128))

    #expect(
      "\(plan)" == """
        epochs   batch  rate factor  updates   images
        1–20       128            1     7800   998400
        21–40      256         0.75     3900   998400
        41–60      512       0.5625     1940   993280
        61–80     1024     0.421875      960   983040
        81–100    2048   0.31640625      480   983040
        all 100                        15080  4956160
        """)
  }

  @Test("with the initial rate the table shows rates, without the noise of their products")
  func rates() throws {
    let plan = try BatchPlan(
      policy: FixedBatch(batchSize: 100, decay: 0.1, interval: 1), epochs: 4, imageCount: 1000)

    #expect(0.3 * plan.phases[3].learningRateFactor != 0.0003)
    #expect(
      plan.table(initialRate: 0.3) == """
        epochs  batch    rate  updates  images
        1         100     0.3       10    1000
        2         100    0.03       10    1000
        3         100   0.003       10    1000
        4         100  0.0003       10    1000
        all 4                       40    4000
        """)
  }

  @Test(
    "a run without epochs or images, or without end, is refused",
    arguments: [
      (0, 100, "epochs"), (.max, 100, "epochs"), (1, 0, "imageCount"), (2, .max, "imageCount"),
    ])
  func impossibleRun(epochs: Int, imageCount: Int, setting: String) {
    let error = #expect(throws: PolicyError.self) {
      try BatchPlan(policy: Staircase(sizes: [10]), epochs: epochs, imageCount: imageCount)
    }
    #expect(error?.setting == setting)
    #expect(error?.code == .outOfRange)
  }

  @Test("a decision that cannot be trained with is refused, naming its epoch")
  func unusableDecisions() {
    let noBatch = #expect(throws: PolicyError.self) {
      try BatchPlan(policy: Staircase(sizes: [10, 10, 0]), epochs: 5, imageCount: 100)
    }
    #expect(
      noBatch?.description == """
        the batch size of epoch 3 is 0, but needs to be 1 or more
          fix: correct the policy's decision
        """)
    let noRate = #expect(throws: PolicyError.self) {
      try BatchPlan(policy: Staircase(sizes: [10], factor: 0), epochs: 5, imageCount: 100)
    }
    #expect(noRate?.code == .unusableDecision)
  }

  @Test("a rate that vanishes before the end is found before the start")
  func vanishingRate() throws {
    let policy = try FixedBatch(batchSize: 10, decay: 0.01, interval: 1)

    let error = #expect(throws: PolicyError.self) {
      try BatchPlan(policy: policy, epochs: 200, imageCount: 100)
    }
    #expect(
      error?.description == """
        the learning-rate factor of epoch 163 is 0.0, but needs to be a finite number above 0
          fix: let the rate change less often, or by less each time
        """)
  }

  @Test(
    "the recipe's interval is a fifth of the epochs, and its limit 16 times the start",
    arguments: [(100, 20), (30, 6), (9, 1), (3, 1), (1, 1)])
  func recipe(epochs: Int, interval: Int) {
    #expect(ReferenceRecipe.interval(epochs: epochs) == interval)
    #expect(ReferenceRecipe.maximumBatchSize(initialBatchSize: 128) == 2048)
    #expect(ReferenceRecipe.maximumBatchSize(initialBatchSize: .max) == .max)
  }
}
