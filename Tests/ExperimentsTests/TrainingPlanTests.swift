import BatchPolicies
import Experiments
import RunRecords
import Testing
import Training

// The updates are those of NVlabs' adabatch_cifar.py; see BatchPoliciesTests/Witness.
@Suite("A training plan")
struct TrainingPlanTests {
  @Test(
    "has the reference's updates, beside those of the fixed batches",
    arguments: [
      ("resnet20", 128, true, 15_080, 39_000, 2_400),
      ("resnet20", 128, false, 15_180, 39_100, 2_500),
      ("alexnet", 256, true, 7_520, 19_500, 1_200),
    ])
  func updates(
    network: String, batchSize: Int, dropLast: Bool, growing: Int, smallest: Int, largest: Int
  ) throws {
    let plan = try plan {
      ($0.network, $0.batchSize, $0.dropLast) = (network, batchSize, dropLast)
    }
    #expect(plan.run.totals.updates == growing)
    #expect(plan.baselines.map(\.totals.updates) == [smallest, largest])
    #expect(plan.run.name == "AdaBatch \(batchSize)–\(16 * batchSize)")
    #expect(plan.baselines.map(\.name) == ["fixed \(batchSize)", "fixed \(16 * batchSize)"])
  }

  @Test("rate over batch size falls alike in all of its arms, as the paper's 0.375 has it")
  func rates() throws {
    let plan = try plan()
    let falls = [1, 0.375, 0.140625, 0.052734375, 0.019775390625]
    for arm in [plan.run] + plan.baselines {
      let first = arm.phases[0].ratePerImage
      #expect(arm.phases.map(\.firstEpoch) == [1, 21, 41, 61, 81])
      for (phase, fall) in zip(arm.phases, falls) {
        #expect(abs(phase.ratePerImage / first - fall) < 1e-12)
      }
    }
    #expect(plan.run.phases[0].ratePerImage == 0.01 / 128)
    #expect(plan.baselines[1].phases[0].ratePerImage == 0.01 / 2048)
  }

  // By hand: 103 = 3·30 + 13 = 1·60 + 43, over 2 epochs each.
  @Test(
    "counts the images that are dropped, and the last update where none is",
    arguments: [true, false])
  func dropped(dropLast: Bool) throws {
    let plan = try plan(images: images(103)) {
      ($0.network, $0.epochs, $0.batchSize, $0.growthInterval) = ("alexnet", 4, 30, 2)
      ($0.maxBatch, $0.dropLast, $0.testBatch) = (60, dropLast, 10)
    }
    let phases = plan.run.phases
    #expect(phases.map(\.imagesDropped) == (dropLast ? [26, 86] : [0, 0]))
    #expect(phases.map(\.images) == (dropLast ? [180, 120] : [206, 206]))
    #expect(phases.map(\.updates) == (dropLast ? [6, 2] : [8, 4]))
    #expect(phases.map(\.lastUpdate) == (dropLast ? [30, 60] : [13, 43]))
    #expect(plan.run.totals.imagesDropped == (dropLast ? 112 : 0))
    #expect(plan.baselines.map(\.totals.imagesDropped) == (dropLast ? [52, 172] : [0, 0]))
  }

  @Test("micro-batches make up the update, a short last one included")
  func microBatches() throws {
    let plan = try plan(images: images(1000)) {
      ($0.network, $0.epochs, $0.batchSize, $0.growthInterval) = ("alexnet", 3, 50, 1)
      ($0.growthFactor, $0.microBatch) = (3, .images(40))
    }
    let phases = plan.run.phases
    #expect(phases.map(\.batchSize) == [50, 150, 450])
    #expect(phases.map(\.microBatch) == [40, 40, 40])
    #expect(phases.map(\.microBatches) == [2, 4, 12])
    #expect(phases.map(\.lastMicroBatch) == [10, 30, 10])
  }

  @Test("a fixed policy has nothing to be compared with")
  func fixed() throws {
    let plan = try plan { ($0.policy, $0.decay) = ("fixed", 0.375) }
    #expect(plan.run.name == "fixed 128")
    #expect(plan.run.totals.updates == 39_000)
    #expect(plan.baselines.isEmpty)
  }

  @Test("a batch that never grows in the run has one baseline")
  func noGrowth() throws {
    let plan = try plan { ($0.epochs, $0.growthInterval) = (3, 3) }
    #expect(plan.run.name == "AdaBatch 128")
    #expect(plan.baselines.map(\.name) == ["fixed 128"])
  }

  @Test("a rate with milestones of its own keeps them in the baselines")
  func rateMilestones() throws {
    let plan = try plan {
      ($0.milestones, $0.rateMilestones, $0.decay) = ([30, 60], [50], 0.5)
    }
    #expect(plan.run.phases.map(\.firstEpoch) == [1, 31, 51, 61])
    #expect(plan.run.phases.map(\.learningRate) == [0.01, 0.01, 0.005, 0.005])
    for baseline in plan.baselines {
      #expect(baseline.phases.map(\.firstEpoch) == [1, 51])
      #expect(baseline.phases.map(\.learningRate) == [0.01, 0.005])
    }
  }

  // 0.01 · (1 + (2 − 1)·k/2): linear from the rate to rate · 128/64.
  @Test("a warm-up is planned epoch by epoch, and scales each arm's rate by its own batch")
  func warmUp() throws {
    let plan = try plan { ($0.warmup, $0.baselineBatch) = (3, 64) }
    #expect(plan.run.phases.prefix(3).map(\.learningRate) == [0.01, 0.015, 0.02])
    #expect(plan.run.phases[2].lastEpoch == 20)
    #expect(plan.baselines.map { $0.phases[2].learningRate } == [0.02, 0.32])
  }

  @Test("settings that are not given are the reference recipe's, and equal ones plan alike")
  func resolved() throws {
    let one = try plan()
    #expect(one.settings.growthInterval == 20 && one.settings.maxBatch == 2048)
    let other = try plan { ($0.growthInterval, $0.growthFactor, $0.maxBatch) = (20, 2, 2048) }
    #expect(one == other)
    #expect(try plan { $0.maxBatch = 1024 } != one)
  }

  // Every way in which the options say how rates change; a decay above 1 is refused.
  @Test("no rate rises without a warm-up", arguments: [1, 0.75, 0.1], [1.5, 2, 3.7])
  func rising(decay: Double, growth: Double) throws {
    let changes: [(inout TrainingSettings) -> Void] = [
      { _ in }, { $0.maxBatch = 300 }, { $0.milestones = [1, 2, 50] },
      { ($0.milestones, $0.rateMilestones) = ([10, 20], [5, 30]) },
      { ($0.policy, $0.growthFactor) = ("fixed", nil) },
    ]
    for change in changes {
      let outline = try settings {
        ($0.network, $0.decay, $0.growthFactor) = ("alexnet", decay, growth)
        change(&$0)
      }.outline(images: images(1000))
      let rates = outline.plan.phases.map { outline.options.rate(in: $0) }
      for (before, after) in zip(rates, rates.dropFirst()) { #expect(after <= before) }
    }
  }
}
