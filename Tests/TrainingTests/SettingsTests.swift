import BatchPolicies
import RunRecords
import Testing
import Training

@Suite("Settings")
struct SettingsTests {
  static let reference = TrainingSettings(
    dataset: "synthetic", data: nil, network: "resnet20", classes: 10, policy: "adabatch",
    epochs: 100, batchSize: 128, testBatch: 200, growthFactor: nil, growthInterval: nil,
    maxBatch: nil, learningRate: 0.01, decay: 0.75, momentum: 0.9, weightDecay: 5e-4,
    microBatch: .batch, dropLast: true, seed: 1, threads: 2)

  @Test("the defaults are the reference recipe: 15,080 updates, 128 to 2048")
  func recipe() throws {
    let plan = try BatchPlan(
      policy: try Self.reference.makePolicy(), epochs: 100, imageCount: 50_000, dropLast: true)
    #expect(plan.phases.map(\.batchSize) == [128, 256, 512, 1024, 2048])
    #expect(plan.totalUpdates == 15_080)
  }

  @Test(
    "an unknown name is said with the nearest known one",
    arguments: [
      ("resnt20", "there is no network 'resnt20'; did you mean 'resnet20'?"),
      ("VGG19-BN", "there is no network 'VGG19-BN'; did you mean 'vgg19_bn'?"),
      ("transformer", "there is no network 'transformer'"),
    ])
  func unknownNetwork(name: String, problem: String) {
    var settings = Self.reference
    settings.network = name
    let error = #expect(throws: TrainingError.self) { try settings.makeNetwork() }
    #expect(error?.problem == problem)
  }

  @Test("milestones, a rate of its own and a warm-up are what the policy does")
  func rates() throws {
    var settings = Self.reference
    (settings.milestones, settings.rateMilestones) = ([30, 60], [50])
    (settings.warmup, settings.baselineBatch) = (3, 64)
    #expect(settings.resolved().growthInterval == nil)
    let plan = try BatchPlan(policy: try settings.makePolicy(), epochs: 100, imageCount: 50_000)
    #expect(plan.phases.map(\.epochs.lowerBound) == [0, 1, 2, 30, 50, 60])
    #expect(plan.phases.map(\.batchSize) == [128, 128, 128, 256, 256, 512])
    #expect(plan.phases.map(\.learningRateFactor) == [1, 1.5, 2, 2, 1.5, 1.5])
  }

  @Test("a warm-up of 0 epochs is none, and its baseline is not recorded")
  func noWarmUp() throws {
    var settings = Self.reference
    (settings.warmup, settings.baselineBatch) = (0, 64)
    #expect(settings.resolved().warmup == nil && settings.resolved().baselineBatch == nil)
    #expect(try settings.makePolicy() is AdaBatchGrowth)
  }

  @Test("milestones and a warm-up that the run is too short for are refused")
  func tooShort() {
    let faults: [(inout TrainingSettings) -> Void] = [
      { $0.milestones = [50, 100] }, { $0.rateMilestones = [100] },
      { ($0.warmup, $0.baselineBatch) = (101, 64) }, { $0.warmup = 5 },
    ]
    let names = faults.map { fault in
      var settings = Self.reference
      fault(&settings)
      return #expect(throws: PolicyError.self) { try settings.makePolicy() }?.setting
    }
    #expect(names == ["milestones", "rateMilestones", "warmUpEpochs", "baselineBatchSize"])
  }

  @Test("the edit distance counts insertions, deletions and replacements")
  func distances() {
    #expect(editDistance("", "abc") == 3)
    #expect(editDistance("kitten", "sitting") == 3)
    #expect(editDistance("flaw", "lawn") == 2)
    #expect(closestName(to: "adabach", among: ["adabatch", "fixed"]) == "adabatch")
    #expect(closestName(to: "plateau", among: ["adabatch", "fixed"]) == nil)
  }

  @Test("numbers that nothing can be trained with are refused before anything is read")
  func impossible() throws {
    let faults: [(inout TrainingOptions) -> Void] = [
      { $0.epochs = 0 }, { $0.testBatch = 0 }, { $0.learningRate = 0 }, { $0.learningRate = .nan },
      { $0.momentum = 1 }, { $0.momentum = -0.1 }, { $0.weightDecay = -1 },
      { $0.microBatch = .images(0) },
    ]
    for fault in faults {
      var options = TrainingOptions()
      fault(&options)
      #expect(throws: TrainingError.self) {
        try Trainer(
          PlainNetwork(), smallData(training: 40), policy: try growth(from: 8, to: 16),
          executor: oneDNN, options: options)
      }
    }
  }
}
