import BatchPolicies
import Testing

/// The paper's schedule on CIFAR: 100 epochs of 50,000 images, a change every 20, rate 0.01.
///
/// The rates are also those in the runs stored at GXU-GMU-MICCAI/AdaBatch-numerical-experiments.
@Suite struct ReferenceScheduleTests {
  static let epochs = 100
  static let imageCount = 50_000
  static let interval = ReferenceRecipe.interval(epochs: epochs)

  static func growth(from initial: Int) throws -> AdaBatchGrowth {
    try AdaBatchGrowth(
      initialBatchSize: initial, interval: interval,
      maximumBatchSize: ReferenceRecipe.maximumBatchSize(initialBatchSize: initial))
  }

  static func fixed(_ batchSize: Int) throws -> FixedBatch {
    try FixedBatch(batchSize: batchSize, interval: interval)
  }

  static func plan(_ policy: some BatchPolicy, dropLast: Bool = true) throws -> BatchPlan {
    try BatchPlan(policy: policy, epochs: epochs, imageCount: imageCount, dropLast: dropLast)
  }

  @Test("batch sizes, updates and rates are those of NVlabs' script, to the last bit")
  func growingSchedule() throws {
    let phases = try Self.plan(Self.growth(from: 128)).phases

    #expect(phases.map(\.epochs) == [0..<20, 20..<40, 40..<60, 60..<80, 80..<100])
    #expect(phases.map(\.batchSize) == [128, 256, 512, 1024, 2048])
    #expect(phases.map(\.updatesPerEpoch) == [390, 195, 97, 48, 24])
    #expect(
      phases.map { 0.01 * $0.learningRateFactor }
        == [0.01, 0.0075, 0.005625, 0.00421875, 0.0031640625])
  }

  @Test("AlexNet's schedule starts at 256 and takes half the updates")
  func alexNetSchedule() throws {
    let phases = try Self.plan(Self.growth(from: 256)).phases

    #expect(phases.map(\.batchSize) == [256, 512, 1024, 2048, 4096])
    #expect(phases.map(\.updatesPerEpoch) == [195, 97, 48, 24, 12])
  }

  @Test("the fixed baseline keeps its batch and decays by 0.375")
  func fixedSchedule() throws {
    let phases = try Self.plan(Self.fixed(128)).phases

    #expect(phases.map(\.batchSize) == [128, 128, 128, 128, 128])
    #expect(
      phases.map { 0.01 * $0.learningRateFactor }
        == [0.01, 0.00375, 0.00140625, 0.00052734375, 0.00019775390625])
  }

  @Test(
    "a run makes as many updates as the reference did",
    arguments: [
      (128, true, 15_080, 39_000), (128, false, 15_180, 39_100), (256, true, 7_520, 19_500),
    ])
  func updates(initial: Int, dropLast: Bool, growing: Int, fixed: Int) throws {
    #expect(try Self.plan(Self.growth(from: initial), dropLast: dropLast).totalUpdates == growing)
    #expect(try Self.plan(Self.fixed(initial), dropLast: dropLast).totalUpdates == fixed)
  }

  @Test("without dropping, every image enters an update once an epoch; with it, full batches do")
  func samples() throws {
    let policy = try Self.growth(from: 128)

    #expect(try Self.plan(policy, dropLast: false).totalSamples == 5_000_000)
    #expect(
      try Self.plan(policy, dropLast: true).phases.map(\.samplesPerEpoch)
        == [390 * 128, 195 * 256, 97 * 512, 48 * 1024, 24 * 2048])
  }

  @Test("rate over batch size is the same in every phase of AdaBatch and of the baseline")
  func rateOverBatchSize() throws {
    let growing = try Self.plan(Self.growth(from: 128)).phases
    let fixed = try Self.plan(Self.fixed(128)).phases

    for (phase, baseline) in zip(growing, fixed) {
      #expect(
        phase.learningRateFactor / Double(phase.batchSize)
          == baseline.learningRateFactor / Double(baseline.batchSize))
    }
  }
}
