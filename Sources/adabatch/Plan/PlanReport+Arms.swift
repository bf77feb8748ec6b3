import AdaBatch
import Foundation

// The run beside its baselines.
extension PlanReport {
  /// The smallest fixed batch first: what the others are compared with.
  var arms: String {
    let arms = Array(plan.baselines.prefix(1)) + [plan.run] + Array(plan.baselines.dropFirst())
    let hasTimes = plan.measurement != nil
    let rows = arms.map { arm in
      [
        arm.name, compared("\(arm.totals.updates)", arm, { Double($0.updates) }),
        compared(megabytes(arm.totals.memory.all), arm, { Double($0.memory.all) }),
      ]
        + (hasTimes
          ? [compared(duration(arm.totals.predictedSeconds), arm, { $0.predictedSeconds ?? 0 })]
          : [])
    }
    return textTable([["", "updates", "MB"] + (hasTimes ? ["time"] : [])] + rows)
  }

  /// A number with its difference from the first baseline's.
  private func compared(
    _ text: String, _ arm: PlannedArm, _ value: (PlannedTotals) -> Double
  ) -> String {
    let percent = difference(of: arm, value).map { String(format: "%+.1f %%", $0) } ?? ""
    return text + padded(percent, 10)
  }

  /// In percent of the first baseline; nil for that one.
  private func difference(
    of arm: PlannedArm, _ value: (PlannedTotals) -> Double
  ) -> Double? {
    guard let first = plan.baselines.first, arm != first else { return nil }
    return 100 * (value(arm.totals) / value(first.totals) - 1)
  }

  /// What is saved, and where that is time.
  var savings: String {
    let saved = difference(of: plan.run) { Double($0.updates) } ?? 0
    guard saved < 0, let first = plan.baselines.first else {
      return "The batch never grows in this run: nothing is saved."
    }
    let updates = "\(plan.run.name) makes \(percent(-saved)) fewer updates than \(first.name)"
    guard plan.measurement != nil else {
      if let ranks = plan.ranks {
        return """
          \(updates), so its
          \(grouped(ranks)) ranks communicate as much less often. --measure tells what that is in time.
          """
      }
      return """
        \(updates). On one CPU that saves little time,
        or none, because the machine is busy at the small batch already; it does where an update costs
        more than its images: on accelerators, and on many ranks.
        """
    }
    let time = difference(of: plan.run) { $0.predictedSeconds ?? 0 } ?? 0
    let change = "\(updates), in \(percent(abs(time))) \(time < 0 ? "less" : "more") time"
    if let ranks = plan.ranks { return "\(change)\non \(grouped(ranks)) ranks, as predicted." }
    return """
      \(change)
      on this machine. Fewer updates save more time where an update costs more than its images: on
      accelerators, and on many ranks.
      """
  }

  private func percent(_ value: Double) -> String { String(format: "%.1f %%", value) }
}
