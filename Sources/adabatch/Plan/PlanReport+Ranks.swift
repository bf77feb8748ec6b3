import AdaBatch
import Foundation

// What ranks do in a plan for several of them.
extension PlanReport {
  /// Nothing for one rank.
  var rankParts: [String] {
    guard let ranks = plan.ranks else { return [] }
    let idle = idleLines(ranks).joined(separator: "\n")
    return [sharing] + (idle.isEmpty ? [] : [idle]) + [basis].compactMap(\.self)
  }

  private var sharing: String {
    let titles = [
      "epochs", "batch", "a rank passes", "idle", "messages", "MB sent", "of an allreduce",
    ]
    let isMeasured = plan.measurement != nil
    let rows = plan.run.phases.compactMap { $0.cells(isMeasured: isMeasured) }
    return "in each update:\n"
      + textTable([titles + (isMeasured ? ["compute", "communicate"] : [])] + rows)
  }

  /// Ranks without work, by the epochs in which they have none.
  private func idleLines(_ ranks: Int) -> [String] {
    // Neighbours may differ in their rate alone.
    var stretches: [(epochs: Range<Int>, phase: PlannedPhase)] = []
    for phase in plan.run.phases where (phase.shared?.idleRanks ?? 0) > 0 {
      let start = phase.firstEpoch - 1
      if let last = stretches.last, last.epochs.upperBound == start,
        last.phase.batchSize == phase.batchSize
      {
        stretches[stretches.count - 1].epochs = last.epochs.lowerBound..<phase.lastEpoch
      } else {
        stretches.append((start..<phase.lastEpoch, phase))
      }
    }
    return stretches.map { epochs, phase in
      let parts = counted(phase.microBatches, "micro-batch", "micro-batches")
      return "\(grouped(phase.shared?.idleRanks ?? 0)) of \(counted(ranks, "rank")) idle in"
        + " \(epochs.count == 1 ? "epoch" : "epochs") \(epochs.counted): an update of \(counted(phase.batchSize, "image")) is \(parts)"
    }
  }

  /// What predicted times rest on.
  private var basis: String? {
    guard let link = plan.link, let measurement = plan.measurement else { return nil }
    return """
      Predicted: a rank computes as this machine does, \(measurement.machine.cpu),
      \(counted(measurement.threads, "thread")); a message of n bytes takes \
      \(Quantity.text(seconds: link.latencySeconds)) + n / \
      \(Quantity.text(bytesPerSecond: link.bandwidthBytesPerSecond)), as given.
      """
  }
}

extension PlannedPhase {
  /// Of the table of ranks; nil for one rank.
  fileprivate func cells(isMeasured: Bool) -> [String]? {
    guard let shared else { return nil }
    let traffic = shared.traffic
    let ratio = Double(traffic.gradientBytes) / Double(max(1, traffic.allreduceBytes))
    return [
      (firstEpoch - 1..<lastEpoch).counted, "\(batchSize)", shared.passes, "\(shared.idleRanks)",
      "\(traffic.messages)", megabytes(traffic.bytes), String(format: "%.2f ×", ratio),
    ]
      + (isMeasured
        ? [milliseconds(shared.computeSeconds), milliseconds(shared.communicationSeconds)] : [])
  }
}

extension SharedUpdate {
  /// `32 × 3`, or `32 × 2 + 8`.
  fileprivate var passes: String {
    let (whole, rest) = imagesOfARank.quotientAndRemainder(dividingBy: microBatch)
    return rest == 0 ? "\(microBatch) × \(whole)" : "\(microBatch) × \(whole) + \(rest)"
  }
}

private func milliseconds(_ seconds: Double?) -> String {
  seconds.map { String(format: "%.3f ms", 1000 * $0) } ?? ""
}
