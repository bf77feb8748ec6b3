/// Chooses the updates after which a log gets a line within an epoch.
///
/// At each tenth of a long epoch, and never twice in a minute: short epochs get none, and a run of
/// any length gets nine for each of its epochs at most.
package struct InterimLines: Sendable {
  private var epoch = 0
  private var tenth = 0
  private var latest: Double

  /// - Parameter now: seconds from any start.
  package init(at now: Double) { latest = now }

  /// Whether a line is due after this update.
  package mutating func isDue(_ report: UpdateReport, imageCount: Int, at now: Double) -> Bool {
    if report.epoch != epoch { (epoch, tenth) = (report.epoch, 0) }
    let tenth = 10 * report.imagesIntoEpoch / max(1, imageCount)
    guard tenth > self.tenth, tenth < 10, now - latest >= 60 else { return false }
    (self.tenth, latest) = (tenth, now)
    return true
  }

  /// Hears of another line that was printed.
  package mutating func printed(at now: Double) { latest = now }
}
