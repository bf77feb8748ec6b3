import BatchPolicies
import Foundation
import RunRecords
import Training

/// A run that takes no time: its updates move a clock of its own, and the estimator watches.
struct SimulatedRun {
  /// What the estimator said after an update, and what had been done by then.
  struct Moment {
    var now: Double
    var estimate: Double?
    var images: Int
    var updates: Int
  }

  var plan: BatchPlan
  var microBatch = TrainingSettings.MicroBatch.batch
  /// True seconds of an update by its images.
  var cost: (Int) -> Double
  /// True seconds between two epochs.
  var pause = 2.0
  /// What true seconds are multiplied by, by the share of the run's images that are done.
  var slowness: (Double) -> Double = { _ in 1 }
  /// Deviation of an update's seconds, as a share of them.
  var noise = 0.0
  /// Something else takes the machine for a second, so often in a second on average.
  var hiccups = 0.0
  /// Seconds that the machine sleeps, once, in the first tenth.
  var sleep = 0.0
  var seed: UInt64 = 1
  var start = TrainingState()
  /// Of the epochs before the start.
  var records: [EpochRecord] = []

  /// Runs it.
  func moments() -> [Moment] {
    var passage = Passage(self)
    for phase in plan.phases {
      for epoch in phase.epochs where epoch >= start.epochsDone {
        passage.epoch(epoch, phase, from: epoch == start.epochsDone ? start.imagesIntoEpoch : 0)
      }
    }
    return passage.moments
  }

  /// The records of the epochs before the start, where an update had this cost.
  func recordsBeforeStart(cost: (Int) -> Double) -> [EpochRecord] {
    (0..<start.epochsDone).compactMap { epoch in
      guard let phase = plan.phase(of: epoch) else { return nil }
      let images = phase.samplesPerEpoch
      let (full, last) = images.quotientAndRemainder(dividingBy: phase.batchSize)
      let seconds = Double(full) * cost(phase.batchSize) + (last > 0 ? cost(last) : 0)
      return EpochRecord(
        epoch: epoch + 1, batchSize: phase.batchSize, microBatch: phase.batchSize,
        learningRate: 0.01, updates: 1, samplesSeen: 1, trainLoss: 1, trainAccuracy: 1,
        testLoss: 1, testAccuracy: 1, bestAccuracy: 1, forwardSeconds: 0, backwardSeconds: 0,
        updateSeconds: 0, dataSeconds: 0, switchSeconds: 0, epochSeconds: seconds + pause,
        imagesPerSecond: Double(images) / seconds)
    }
  }

  /// Images from the start to the end.
  var imagesLeft: Int {
    let before = plan.phases.reduce(0) { sum, phase in
      sum + phase.epochs.clamped(to: 0..<start.epochsDone).count * phase.samplesPerEpoch
    }
    return plan.totalSamples - before - start.imagesIntoEpoch
  }
}

/// The course of a simulated run, and the estimator that is asked after each of its updates.
private struct Passage {
  let run: SimulatedRun
  var clock = 0.0
  var timeLeft: TimeLeft
  var random: Generator
  var moments: [SimulatedRun.Moment] = []
  var compiled: Set<Int> = []
  var images = 0
  var hasSlept = false

  init(_ run: SimulatedRun) {
    self.run = run
    random = Generator(state: run.seed)
    timeLeft = TimeLeft(
      run.plan, microBatch: run.microBatch, testImageCount: 10_000, from: run.start, at: 0)
    timeLeft.remember(run.records)
  }

  mutating func epoch(_ epoch: Int, _ phase: Phase, from first: Int) {
    var position = first
    while position < phase.samplesPerEpoch {
      let size = min(phase.batchSize, phase.samplesPerEpoch - position)
      clock += seconds(of: size)
      position += size
      images += size
      timeLeft.updated(report(epoch, position, phase.batchSize), at: clock)
      note()
    }
    clock += run.pause * (1 + run.noise * random.deviate())
    timeLeft.finishedEpoch(at: clock)
    note()
  }

  private mutating func seconds(of size: Int) -> Double {
    let share = Double(images) / Double(run.imagesLeft)
    var seconds = run.cost(size) * run.slowness(share) * (1 + run.noise * random.deviate())
    // The first of its size compiles its program.
    if compiled.insert(size).inserted { seconds *= 10 }
    if random.share() < run.hiccups * seconds { seconds += 1 }
    if share > 0.05, !hasSlept { (seconds, hasSlept) = (seconds + run.sleep, true) }
    return seconds
  }

  private mutating func note() {
    moments.append(
      SimulatedRun.Moment(
        now: clock, estimate: timeLeft.seconds(at: clock), images: images,
        updates: moments.count + 1))
  }

  private func report(_ epoch: Int, _ position: Int, _ batchSize: Int) -> UpdateReport {
    UpdateReport(
      epoch: epoch + 1, imagesIntoEpoch: position, batchSize: batchSize, learningRate: 0.01,
      updates: 1, samplesSeen: 1, trainLoss: 1, trainAccuracy: 1)
  }
}

extension [SimulatedRun.Moment] {
  /// How far an estimate is from the true seconds left after a share of the run's time, relative.
  func error(after share: Double, _ estimate: (SimulatedRun.Moment) -> Double?) -> Double {
    let end = self[count - 1].now
    guard let moment = first(where: { $0.now >= share * end }), let said = estimate(moment) else {
      return .infinity
    }
    return abs(said - (end - moment.now)) / (end - moment.now)
  }
}

/// SplitMix64, and numbers made from it.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// From 0 to 1.
  mutating func share() -> Double { Double.random(in: 0..<1, using: &self) }

  /// About normal, with deviation 1.
  mutating func deviate() -> Double { (0..<12).reduce(-6) { sum, _ in sum + share() } }
}
