import AdaBatch
import Foundation

/// A plan as people read it: the phases, then the run beside the fixed batches.
struct PlanReport {
  private let plan: TrainingPlan
  private let executor: OneDNNExecutor

  init(_ plan: TrainingPlan, _ executor: OneDNNExecutor) {
    self.plan = plan
    self.executor = executor
  }

  var text: String {
    let parts = [head + "\n" + phases, memory] + (plan.baselines.isEmpty ? [] : [arms, savings])
    return parts.joined(separator: "\n\n")
  }

  private var head: String {
    let settings = plan.settings
    return """
      \(settings.network), \(grouped(plan.parameters)) parameters, on \(plan.images.name): \
      \(grouped(plan.images.trainingCount)) images to train on, \
      \(grouped(plan.images.testCount)) to test with
      oneDNN \(OneDNNLibrary.version), \(OneDNNLibrary.instructionSet), \
      \(executor.threads) \(executor.threads == 1 ? "thread" : "threads")
      """
  }

  private var phases: String {
    let titles = [
      "epochs", "batch", "micro-batch", "rate", "rate/batch", "updates", "dropped", "MB",
    ]
    let totals = plan.run.totals
    let sums = [
      "all \(totals.epochs)", "", "", "", "", "\(totals.updates)", "\(totals.imagesDropped)",
      megabytes(totals.memory.all),
    ]
    guard let measurement = plan.measurement else {
      return textTable([titles] + plan.run.phases.map(\.cells) + [sums])
    }
    let rows = plan.run.phases.map { phase in
      phase.cells + [
        measurement.imagesPerSecond(of: phase), duration(phase.predictedSeconds),
      ]
    }
    return textTable(
      [titles + ["images/s", "time"]] + rows + [sums + ["", duration(totals.predictedSeconds)]])
  }

  private var memory: String {
    let memory = plan.run.totals.memory
    let programs = max(memory.trainingProgram, memory.evaluationProgram)
    return """
      MB at most: \(megabytes(programs)) programs, \(megabytes(memory.batch)) images and labels, \
      \(megabytes(memory.weights)) parameters, momentum, gradients
      """
  }
}

// The run beside its baselines.
extension PlanReport {
  /// The smallest fixed batch first: what the others are compared with.
  private var arms: String {
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
  private var savings: String {
    let saved = difference(of: plan.run) { Double($0.updates) } ?? 0
    guard saved < 0, let first = plan.baselines.first else {
      return "The batch never grows in this run: nothing is saved."
    }
    let updates = "\(plan.run.name) makes \(percent(-saved)) fewer updates than \(first.name)"
    guard plan.measurement != nil else {
      return """
        \(updates). On one CPU that saves little time,
        or none, because the machine is busy at the small batch already; it does where an update costs
        more than its images: on accelerators, and on many ranks.
        """
    }
    let time = difference(of: plan.run) { $0.predictedSeconds ?? 0 } ?? 0
    return """
      \(updates), in \(percent(abs(time))) \(time < 0 ? "less" : "more") time
      on this machine. Fewer updates save more time where an update costs more than its images: on
      accelerators, and on many ranks.
      """
  }

  private func percent(_ value: Double) -> String { String(format: "%.1f %%", value) }
}

extension PlannedPhase {
  fileprivate var cells: [String] {
    [
      (firstEpoch - 1..<lastEpoch).counted, "\(batchSize)", passes,
      learningRate.rounded(digits: 6), ratePerImage.rounded(digits: 6), "\(updates)",
      "\(imagesDropped)", megabytes(memory.all),
    ]
  }

  /// The micro-batches of a full update: `128 × 3`, or `128 × 2 + 44` where the last one is short.
  private var passes: String {
    lastMicroBatch == microBatch
      ? "\(microBatch) × \(microBatches)"
      : "\(microBatch) × \(microBatches - 1) + \(lastMicroBatch)"
  }
}

extension StepMeasurement {
  fileprivate func imagesPerSecond(of phase: PlannedPhase) -> String {
    batchSizes.first { $0.batchSize == phase.batchSize }
      .map { "\(Int($0.imagesPerSecond.rounded()))" } ?? ""
  }
}

/// Seconds as people say them: `43.2 s`, `12.5 min`, `3.1 h`; empty for nil.
private func duration(_ seconds: Double?) -> String {
  guard let seconds else { return "" }
  if seconds < 60 { return String(format: "%.1f s", seconds) }
  return seconds < 3600
    ? String(format: "%.1f min", seconds / 60) : String(format: "%.1f h", seconds / 3600)
}
