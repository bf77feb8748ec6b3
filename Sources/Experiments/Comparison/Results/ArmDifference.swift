import Foundation

/// An arm beside the baseline, over the seeds that both have.
public struct ArmDifference: Codable, Sendable, Equatable {
  public let arm: String
  public let accuracy: AccuracyDifference
  /// Updates of the arm over the baseline's.
  public let updates: Double
  /// Seconds of the arm over the baseline's.
  public let time: Double
  /// Of ``time``; nil for fewer than three seeds.
  public let timeInterval: Interval?
  public let speedup: SpeedupSplit

  /// - Parameter pairs: runs of the baseline and of the arm, of the same seed each.
  init?(_ arm: String, _ pairs: [(baseline: RunOutcome, other: RunOutcome)]) {
    let splits = pairs.map { SpeedupSplit(baseline: $0.baseline, other: $0.other) }
    guard let accuracy = AccuracyDifference(pairs), let speedup = SpeedupSplit(meanOf: splits)
    else { return nil }
    self.arm = arm
    self.accuracy = accuracy
    self.speedup = speedup
    time = 1 / speedup.total
    let ratios = pairs.map { Double($0.other.updates) / Double($0.baseline.updates) }
    updates = ratios.mean ?? 1
    // Ratios: even on the scale of logarithms.
    timeInterval = Interval(meanOf: splits.map { -log($0.total) }).map {
      Interval(lower: exp($0.lower), upper: exp($0.upper))
    }
  }
}
