/// Decides the batch size, and the learning rate that goes with it, as training proceeds.
///
/// A policy is a value that holds settings only. What it decides follows from the signals alone,
/// never from what it decided before: asking again gives the same answer, so a run can be planned
/// before it starts, stopped, resumed and replayed.
///
/// ```swift
/// struct Staircase: BatchPolicy {
///   func decision(for signals: Signals) -> BatchDecision {
///     let late = signals.epoch >= 30
///     return BatchDecision(
///       batchSize: late ? 1024 : 128, learningRateFactor: 1, reason: late ? "late" : "early")
///   }
/// }
/// ```
public protocol BatchPolicy: Sendable, Codable {
  /// Says what the epoch after `signals.epoch` completed ones is trained with, and why.
  ///
  /// The answer is taken as it is; ``checkedDecision(for:)`` is what a training loop calls.
  func decision(for signals: Signals) -> BatchDecision
}

/// A policy whose decisions follow from what training shows, so that no plan can foretell them.
///
/// At the start of a run there is nothing measured yet, and it decides upon the initial batch size.
public protocol MeasuringPolicy: BatchPolicy {
  /// What training has to measure for it.
  var measures: Measures { get }

  /// The smallest and the largest batch size that it may decide upon.
  var sizes: ClosedRange<Int> { get }
}

/// A batch size, the learning rate that goes with it, and the reason for both.
public struct BatchDecision: Sendable, Codable, Equatable {
  /// Images in one weight update, over all ranks.
  public var batchSize: Int

  /// What the initial learning rate is multiplied by: 1 leaves it as it was.
  public var learningRateFactor: Double

  /// Why, in one line, for people: `after 20 epochs: batch 128 × 2 = 256, rate × 0.75`.
  public var reason: String

  /// What was measured; nil where the decision follows from the epoch alone.
  public var evidence: Evidence?

  public init(
    batchSize: Int, learningRateFactor: Double, reason: String, evidence: Evidence? = nil
  ) {
    self.batchSize = batchSize
    self.learningRateFactor = learningRateFactor
    self.reason = reason
    self.evidence = evidence
  }
}

extension BatchPolicy {
  /// The decision for `signals`, once it is known to be one that can be trained with.
  ///
  /// - Throws: ``PolicyError`` with code `unusableDecision` where the batch size is below 1 or
  ///   above the training set, or where the learning-rate factor is not a finite number above 0.
  public func checkedDecision(for signals: Signals) throws(PolicyError) -> BatchDecision {
    let decision = decision(for: signals)
    try decision.check(for: signals)
    return decision
  }
}

extension BatchDecision {
  func check(for signals: Signals) throws(PolicyError) {
    let epoch = "of epoch \(signals.epoch + 1)"
    try require(
      batchSize >= 1, "the batch size \(epoch)", batchSize,
      needs: "1 or more", fix: "correct the policy's decision",
      code: .unusableDecision)
    try require(
      batchSize <= signals.imageCount, "the batch size \(epoch)", batchSize,
      needs: "at most \(signals.imageCount), the images of the training set",
      fix: "lower the batch size, or train on more images", code: .unusableDecision)
    try require(
      learningRateFactor.isFinite && learningRateFactor > 0,
      "the learning-rate factor \(epoch)", learningRateFactor, needs: "a finite number above 0",
      fix: "let the rate change less often, or by less each time", code: .unusableDecision)
  }
}
