import BatchPolicies
import Training

/// Seconds of one update on several ranks.
struct UpdateSeconds {
  let computing, communicating: Double
  var all: Double { computing + communicating }
}

/// Where the time of a training goes, in seconds.
struct TrainingSeconds {
  /// Passes of the busiest rank, in training and in evaluation.
  var computing = 0.0
  /// Ranks only speak to each other.
  var communicating = 0.0
  /// Programs are compiled, and their memory touched first.
  var switching = 0.0

  var all: Double { computing + communicating + switching }

  static func + (left: Self, right: Self) -> Self {
    TrainingSeconds(
      computing: left.computing + right.computing,
      communicating: left.communicating + right.communicating,
      switching: left.switching + right.switching)
  }
}

/// Predicts trainings on several ranks, which all wait for the one that has most to pass.
///
/// Passes take what one rank was measured to take for them, communication what
/// ``CommunicationModel`` says.
struct RankPrediction {
  let measurement: StepMeasurement
  let link: NetworkLink

  /// - Returns: nil where a micro-batch is larger than any that was measured, as below.
  func update(of batchSize: Int, in outline: TrainingOutline) -> UpdateSeconds? {
    let update = SharedUpdate(of: batchSize, in: outline)
    let (whole, rest) = update.imagesOfARank.quotientAndRemainder(dividingBy: update.microBatch)
    guard let one = measurement.seconds(ofMicroBatch: update.microBatch),
      let last = rest == 0 ? 0 : measurement.seconds(ofMicroBatch: rest)
    else { return nil }
    return UpdateSeconds(
      computing: Double(whole) * one + last,
      communicating: model(of: outline).updateSeconds(
        outline.options.shares(of: batchSize),
        parameterCount: outline.trainingGraph.parameterCount,
        statisticCount: outline.trainingGraph.statisticCount))
  }

  /// - Parameter isNewSize: whether its program is compiled and its memory touched for it.
  func seconds(
    of phase: Phase, in outline: TrainingOutline, isNewSize: Bool
  ) -> TrainingSeconds? {
    guard let update = update(of: phase.batchSize, in: outline) else { return nil }
    let epochs = Double(phase.epochs.count)
    let evaluation = evaluation(in: outline)
    let size = outline.options.microBatchSize(in: phase.batchSize)
    return TrainingSeconds(
      // An epoch's short last update takes its part of a full one.
      computing: Double(phase.samples) / Double(phase.batchSize) * update.computing
        + epochs * evaluation.computing,
      communicating: Double(phase.updates) * update.communicating
        + epochs * evaluation.communicating,
      switching: isNewSize ? measurement.switchSeconds(ofMicroBatch: size) : 0)
  }

  /// Of the phases of a whole training, in their order.
  func phases(of outline: TrainingOutline) -> [TrainingSeconds?] {
    var seen: Set<Int> = []
    return outline.plan.phases.map { phase in
      let size = outline.options.microBatchSize(in: phase.batchSize)
      return seconds(of: phase, in: outline, isNewSize: seen.insert(size).inserted)
    }
  }

  /// All test images once, shared out by test batches.
  private func evaluation(in outline: TrainingOutline) -> UpdateSeconds {
    let (batch, images) = (outline.testBatch, outline.images.testCount)
    let batches = (images + batch - 1) / batch
    let shares = MicroBatchShares(count: batches, ranks: outline.options.ranks)
    let most = min(images, shares[0].count * batch)
    return UpdateSeconds(
      computing: Double(most) / measurement.evaluationImagesPerSecond,
      communicating: model(of: outline).evaluationSeconds(batches: batches, images: images))
  }

  private func model(of outline: TrainingOutline) -> CommunicationModel {
    CommunicationModel(link, ranks: outline.options.ranks)
  }
}

// What was measured, read as the times of one rank's micro-batches.
extension StepMeasurement {
  /// Seconds of a micro-batch, on a line between the sizes that were measured and from nothing to
  /// the smallest; nil above the largest.
  func seconds(ofMicroBatch images: Int) -> Double? {
    guard let index = batchSizes.firstIndex(where: { $0.batchSize >= images }) else { return nil }
    let above = batchSizes[index]
    let below =
      index == 0 ? (0, 0.0) : (batchSizes[index - 1].batchSize, batchSizes[index - 1].stepSeconds)
    let share = Double(images - below.0) / Double(above.batchSize - below.0)
    return below.1 + share * (above.stepSeconds - below.1)
  }

  /// Of the next size that was measured.
  fileprivate func switchSeconds(ofMicroBatch images: Int) -> Double {
    batchSizes.first { $0.batchSize >= images }?.switchSeconds ?? 0
  }
}
