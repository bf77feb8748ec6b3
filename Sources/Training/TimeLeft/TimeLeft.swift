import BatchPolicies
import RunRecords

/// Predicts how long a run will still take.
///
/// It knows the plan, so also batch sizes that are still to come, and learns what updates of each
/// size and the time between epochs take. A size that has not been seen is predicted by a line
/// a + b·B through those that have, an epoch's short last batch among them; where one size alone was
/// seen, by seconds per image. It has no clock: instants are seconds from any start.
public struct TimeLeft: Sendable {
  /// What the run is expected to do.
  public private(set) var plan: BatchPlan
  private let testImageCount: Int
  private var costs: UpdateCosts
  /// From an epoch's last update to the next epoch: evaluation, records, checkpoint.
  private var between = Pace()
  private var epochsDone: Int
  private var imagesIntoEpoch: Int
  /// When something was last heard of the run.
  private var latest: Double

  /// - Parameters:
  ///   - testImageCount: images that are evaluated after each epoch.
  ///   - state: where training starts or goes on.
  ///   - now: the instant at which it does.
  public init(
    _ plan: BatchPlan, microBatch: TrainingSettings.MicroBatch = .batch, testImageCount: Int,
    from state: TrainingState = TrainingState(), at now: Double
  ) {
    self.plan = plan
    self.testImageCount = testImageCount
    costs = UpdateCosts(microBatch)
    epochsDone = state.epochsDone
    imagesIntoEpoch = state.imagesIntoEpoch
    latest = now
  }

  /// Takes over what epochs before this start took; how fast the machine is now is measured anew.
  public mutating func remember(_ records: [EpochRecord]) {
    for record in records where record.imagesPerSecond > 0 {
      guard let phase = plan.phase(of: record.epoch - 1), phase.batchSize == record.batchSize else {
        continue
      }
      // As if a short last batch cost by its images: it is one of many.
      costs.remember(
        images: record.batchSize, seconds: Double(record.batchSize) / record.imagesPerSecond)
      let training = Double(phase.samplesPerEpoch) / record.imagesPerSecond
      _ = between.add(max(0, record.epochSeconds - training), horizon: costs.horizon)
    }
  }

  /// Hears that the run will do something else than was expected.
  public mutating func expect(_ plan: BatchPlan) { self.plan = plan }

  /// Hears of an update, or of several of equal size, that has just been made.
  public mutating func updated(_ report: UpdateReport, at now: Double) {
    let images = report.imagesIntoEpoch - imagesIntoEpoch
    // An accelerator makes many before it says so.
    let count = max(1, images / report.batchSize)
    for _ in 0..<count {
      costs.add(
        images: images / count, isFull: images / count == report.batchSize,
        seconds: (now - latest) / Double(count))
    }
    (imagesIntoEpoch, latest) = (report.imagesIntoEpoch, now)
  }

  /// Hears of an epoch that is over, evaluated and recorded.
  public mutating func finishedEpoch(at now: Double) {
    _ = between.add(now - latest, horizon: costs.horizon)
    (epochsDone, imagesIntoEpoch, latest) = (epochsDone + 1, 0, now)
  }
}

extension TimeLeft {
  /// Seconds until the run is finished; nil before anything is known.
  public func seconds(at now: Double) -> Double? {
    guard let phase = plan.phase(of: epochsDone) else { return 0 }
    guard let prediction = costs.prediction else { return nil }
    let pause = pause(phase, prediction)
    let rest = phase.samplesPerEpoch - imagesIntoEpoch
    let step = rest > 0 ? prediction.seconds(for: min(rest, phase.batchSize)) : pause
    let updates = epoch(of: rest, phase, prediction) + laterEpochs(prediction)
    return updates * (1 + costs.interruptionShare) + Double(plan.epochs - epochsDone) * pause
      - min(step, max(0, now - latest))
  }

  /// Training images per second at the batch size of now; nil before anything is known.
  public var imagesPerSecond: Double? {
    guard let phase = plan.phase(of: min(epochsDone, plan.epochs - 1)) else { return nil }
    return costs.prediction.map { Double(phase.batchSize) / $0.seconds(for: phase.batchSize) }
  }

  private func laterEpochs(_ prediction: UpdateCosts.Prediction) -> Double {
    plan.phases.reduce(0) { sum, phase in
      let left = phase.epochs.clamped(to: epochsDone + 1..<max(epochsDone + 1, plan.epochs))
      return left.isEmpty
        ? sum : sum + Double(left.count) * epoch(of: phase.samplesPerEpoch, phase, prediction)
    }
  }

  private func epoch(
    of images: Int, _ phase: Phase, _ prediction: UpdateCosts.Prediction
  ) -> Double {
    let (full, last) = images.quotientAndRemainder(dividingBy: phase.batchSize)
    return Double(full) * prediction.seconds(for: phase.batchSize)
      + (last > 0 ? prediction.seconds(for: last) : 0)
  }

  /// Seconds between two epochs.
  ///
  /// Before the first pause a guess: an image that only passes forward takes a third of one that is
  /// trained with.
  private func pause(_ phase: Phase, _ prediction: UpdateCosts.Prediction) -> Double {
    if between.count > 0 { return between.seconds }
    return prediction.seconds(for: phase.batchSize) / Double(phase.batchSize)
      * Double(testImageCount) / 3
  }
}
