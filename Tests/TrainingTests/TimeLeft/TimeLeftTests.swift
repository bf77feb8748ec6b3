import BatchPolicies
import Foundation
import RunRecords
import Testing
import Training

@Suite("Time left")
struct TimeLeftTests {
  /// Kinds of machines, by the true seconds of an update.
  ///
  /// None but `accelerator` is a line, as the estimator would draw it.
  enum Machine: String, CaseIterable {
    /// Each image costs; in a large batch more, as measured: 15 % from 128 to 2048 images.
    case cpu
    /// Starting its kernels takes as long as 1000 images.
    case accelerator
    /// The same, but its kernels start while images are under way: a bend, not a line.
    case overlapping

    func seconds(_ images: Int) -> Double {
      let images = Double(images)
      return switch self {
      case .cpu: 0.002 + 0.0007 * images * pow(images / 128, 0.05)
      case .accelerator: 0.02 + 0.00002 * images
      case .overlapping: pow(pow(0.008, 1.2) + pow(0.00003 * images, 1.2), 1 / 1.2)
      }
    }

    /// Those whose cost has no bend.
    static let unbent = [cpu, accelerator]

    /// Deviation of an update's seconds: programs share a CPU, and have an accelerator alone.
    var noise: Double { self == .cpu ? 0.05 : 0.01 }
  }

  private static let seeds: [UInt64] = [1, 2, 3, 4, 5]

  private func plan(
    from size: Int = 128, epochs: Int = 100, every interval: Int = 20, dropLast: Bool = false
  ) throws -> BatchPlan {
    try BatchPlan(
      policy: growth(from: size, to: 16 * size, every: interval), epochs: epochs,
      imageCount: 50_000, dropLast: dropLast)
  }

  private func run(_ plan: BatchPlan, on machine: Machine, seed: UInt64 = 1) -> SimulatedRun {
    var run = SimulatedRun(plan: plan, cost: machine.seconds)
    (run.noise, run.hiccups, run.seed) = (machine.noise, 0.02, seed)
    return run
  }

  private func error(_ run: SimulatedRun, after share: Double = 0.25) -> Double {
    run.moments().error(after: share, \.estimate)
  }

  @Test(
    "is right to 5 % at a quarter of a growing run's time", arguments: Machine.unbent, seeds)
  func growing(machine: Machine, seed: UInt64) throws {
    #expect(error(run(try plan(), on: machine, seed: seed)) <= 0.05)
  }

  @Test("is right to 10 % where the batches so far hide a bend in the cost", arguments: seeds)
  func bend(seed: UInt64) throws {
    #expect(error(run(try plan(), on: .overlapping, seed: seed)) <= 0.1)
  }

  @Test("is right to 5 % with a fixed batch", arguments: Machine.allCases, seeds)
  func fixed(machine: Machine, seed: UInt64) throws {
    let plan = try BatchPlan(
      policy: FixedBatch(batchSize: 128, interval: 20), epochs: 100, imageCount: 50_000)
    #expect(error(run(plan, on: machine, seed: seed)) <= 0.05)
  }

  @Test("is right to 5 % with a warm-up before the growth", arguments: Machine.allCases, seeds)
  func warmUp(machine: Machine, seed: UInt64) throws {
    let plan = try BatchPlan(
      policy: WarmUp(growth(from: 256, to: 4096, every: 20), epochs: 5, baselineBatchSize: 128),
      epochs: 100, imageCount: 50_000)
    #expect(error(run(plan, on: machine, seed: seed)) <= 0.05)
  }

  @Test("is right to 5 % with micro-batches of one size", arguments: Machine.unbent, seeds)
  func microBatch(machine: Machine, seed: UInt64) throws {
    var run = run(try plan(), on: machine, seed: seed)
    run.microBatch = .images(64)
    run.cost = { images in
      let (full, last) = images.quotientAndRemainder(dividingBy: 64)
      return 0.001 + Double(full) * machine.seconds(64) + (last > 0 ? machine.seconds(last) : 0)
    }
    #expect(error(run) <= 0.05)
  }

  @Test("is right to 5 % on a CPU whose short batches are dropped", arguments: seeds)
  func dropLast(seed: UInt64) throws {
    #expect(error(run(try plan(dropLast: true), on: .cpu, seed: seed)) <= 0.05)
  }

  @Test(
    "is right to 5 % at a quarter of what is left after a start in the middle of an epoch",
    arguments: Machine.allCases, [25, 45, 70])
  func resumed(machine: Machine, epochsDone: Int) throws {
    for seed in Self.seeds {
      var run = run(try plan(), on: machine, seed: seed)
      run.start.epochsDone = epochsDone
      run.start.imagesIntoEpoch = 5 * 2048
      run.records = run.recordsBeforeStart(cost: machine.seconds)
      #expect(error(run) <= 0.05)
    }
  }
}

extension TimeLeftTests {
  @Test("follows a machine that becomes slower", arguments: Machine.unbent, seeds)
  func slower(machine: Machine, seed: UInt64) throws {
    var run = run(try plan(), on: machine, seed: seed)
    run.slowness = { $0 < 0.04 ? 1 : 1.6 }
    #expect(error(run) <= 0.06)
    #expect(error(run, after: 0.5) <= 0.05)
  }

  @Test("does not expect a machine that slept to sleep again", arguments: Machine.unbent)
  func slept(machine: Machine) throws {
    var run = run(try plan(), on: machine)
    run.sleep = 8 * 3600
    // All of the run is after the sleep, which takes most of its time.
    let moments = run.moments()
    let end = moments[moments.count - 1].now
    let awake = try #require(moments.first { $0.images > 25 * 50_000 })
    let said = try #require(awake.estimate)
    #expect(abs(said - (end - awake.now)) <= 0.05 * (end - awake.now))
  }

  @Test("knows other batch sizes from the epochs before a start, on a faster machine too")
  func remembers() throws {
    var run = run(try plan(), on: .accelerator)
    run.start.epochsDone = 45
    let without = error(run, after: 0.02)
    run.records = run.recordsBeforeStart { 2 * Machine.accelerator.seconds($0) }
    #expect(error(run, after: 0.02) <= 0.05)
    #expect(without > 0.05)
  }

  @Test("constant images/s or constant seconds per update are far off on an accelerator")
  func negativeControl() throws {
    let run = run(try plan(), on: .accelerator)
    let (moments, images) = (run.moments(), Double(run.imagesLeft))
    let updates = Double(moments.count)
    let byImages = moments.error(after: 0.25) { $0.now * (images / Double($0.images) - 1) }
    let byUpdates = moments.error(after: 0.25) { $0.now * (updates / Double($0.updates) - 1) }
    #expect(byImages > 0.25 && byUpdates > 0.25)
  }

  @Test("is unknown before the first update, then counts down to nothing")
  func ends() throws {
    let plan = try plan(epochs: 2, every: 1)
    var timeLeft = TimeLeft(plan, testImageCount: 100, at: 10)
    #expect(timeLeft.seconds(at: 12) == nil && timeLeft.imagesPerSecond == nil)
    let moments = SimulatedRun(plan: plan, cost: { 0.001 * Double($0) }, pause: 3).moments()
    #expect(moments[moments.count - 1].estimate == 0)
    #expect(moments[moments.count - 2].estimate == 3)
    // 128 images in 2 s: 49,872 + 50,000 are left, and twice 100 that only pass forward.
    timeLeft.updated(.first(of: 128), at: 12)
    #expect(timeLeft.imagesPerSecond == 64)
    let expected = (49_872 + 50_000 + 200 / 3) / 64.0
    #expect(abs((timeLeft.seconds(at: 12) ?? 0) - expected) < 1)
    #expect(abs((timeLeft.seconds(at: 13) ?? 0) - expected + 1) < 1)
  }
}

extension UpdateReport {
  fileprivate static func first(of batchSize: Int) -> UpdateReport {
    UpdateReport(
      epoch: 1, imagesIntoEpoch: batchSize, batchSize: batchSize, learningRate: 0.01, updates: 1,
      samplesSeen: batchSize, trainLoss: 1, trainAccuracy: 1)
  }
}
