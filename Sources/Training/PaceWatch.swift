import RunRecords

/// Notices epochs that were far slower than others with the same batch size.
package struct PaceWatch: Sendable {
  private var fastest: [Int: Double] = [:]

  package init() {}

  /// Whether an epoch passed fewer than half the images per second of the fastest one before.
  package mutating func isSlow(_ epoch: EpochRecord) -> Bool {
    let before = fastest[epoch.batchSize] ?? 0
    fastest[epoch.batchSize] = max(before, epoch.imagesPerSecond)
    return epoch.imagesPerSecond < before / 2
  }
}
