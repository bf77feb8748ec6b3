import AdaBatch
import Foundation

/// What a training says of its progress, as people read it.
package enum ProgressText {
  /// The line of an epoch that is over.
  package static func epoch(
    _ record: EpochRecord, of epochs: Int, secondsLeft: Double?
  ) -> String {
    let parts = [
      "epoch \(padded(String(record.epoch), String(epochs).count))/\(epochs)",
      "batch \(padded(String(record.batchSize), 4))", "rate \(rate(record.learningRate))",
      "loss \(loss(record.trainLoss))", "train \(percent(record.trainAccuracy))",
      "test \(percent(record.testAccuracy))", "best \(percent(record.bestAccuracy))",
      speed(record.imagesPerSecond), String(format: "%.1f s", record.epochSeconds),
    ]
    return (parts + longEnough(secondsLeft)).joined(separator: "  ")
  }

  /// What the seconds of an epoch went into, on one rank.
  static func parts(_ record: EpochRecord) -> String {
    let parts = [
      ("forward", record.forwardSeconds), ("backward", record.backwardSeconds),
      ("update", record.updateSeconds), ("data", record.dataSeconds),
      ("communication", record.communicationSeconds),
    ]
    return parts.map { String(format: "%@ %.2f s", $0.0, $0.1) }.joined(separator: "  ")
  }

  /// A line within a long epoch.
  package static func interim(
    _ report: UpdateReport, of epochs: Int, imageCount: Int, imagesPerSecond: Double?,
    secondsLeft: Double?
  ) -> String {
    let share = 100 * report.imagesIntoEpoch / max(1, imageCount)
    let parts = [
      "in epoch \(report.epoch)/\(epochs), \(share) %", "loss \(loss(report.trainLoss))",
      "train \(percent(report.trainAccuracy))",
    ]
    return (parts + [imagesPerSecond.map(speed)].compactMap(\.self) + longEnough(secondsLeft))
      .joined(separator: "  ")
  }

  /// Time left where somebody may plan with it: two minutes and more.
  private static func longEnough(_ secondsLeft: Double?) -> [String] {
    guard let secondsLeft, secondsLeft >= 120 else { return [] }
    return [timeLeft(secondsLeft)]
  }
}

// Its numbers.
extension ProgressText {
  static func loss(_ value: Double) -> String {
    String(format: value < 10_000 ? "%.4f" : "%.3g", value)
  }

  static func rate(_ value: Double) -> String { String(format: "%.3g", value) }

  static func percent(_ value: Double) -> String {
    padded(String(format: "%.2f", value), 5) + " %"
  }

  static func speed(_ imagesPerSecond: Double) -> String {
    String(format: "%.0f images/s", imagesPerSecond)
  }

  /// Hours, minutes and seconds, as `1:05:09 left`.
  static func timeLeft(_ seconds: Double) -> String {
    // A run of more than a century is none.
    let whole = Int(min(max(0, seconds), 3e9).rounded())
    return String(format: "%d:%02d:%02d left", whole / 3600, whole / 60 % 60, whole % 60)
  }
}

/// `text` with spaces before it, at least `width` characters.
func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
