import AdaBatch
import Foundation

/// A plan as people read it: the phases, then the run beside the fixed batches.
struct PlanReport {
  let plan: TrainingPlan
  private let engine: Engine

  init(_ plan: TrainingPlan, _ engine: Engine) {
    self.plan = plan
    self.engine = engine
  }

  var text: String {
    let parts =
      [head + "\n" + phases + decided, memory] + rankParts
      + (plan.baselines.isEmpty ? [] : [arms, savings])
    return (parts + scalingParts).joined(separator: "\n\n")
  }

  private var head: String {
    let settings = plan.settings
    return """
      \(settings.network), \(grouped(plan.parameters)) parameters, on \(plan.images.name): \
      \(grouped(plan.images.trainingCount)) images to train on, \
      \(grouped(plan.images.testCount)) to test with
      \(engine.line)\(plan.ranks.map { " on each of \(grouped($0)) ranks" } ?? "")
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
        phase.imagesPerSecond(measurement), duration(phase.predictedSeconds),
      ]
    }
    return textTable(
      [titles + ["images/s", "time"]] + rows + [sums + ["", duration(totals.predictedSeconds)]])
  }

  /// That a table is not what will be, where nobody can know that.
  private var decided: String {
    guard MeasuringKind.named(plan.settings.policy) != nil else { return "" }
    return "\n\(plan.settings.policy) decides while training; this is the run if it never changes"
      + " anything"
  }

  private var memory: String {
    let memory = plan.run.totals.memory
    let programs = max(memory.trainingProgram, memory.evaluationProgram)
    let reason = plan.settings.options().microBatchReason.map { "\n" + $0 } ?? ""
    return """
      MB at most: \(megabytes(programs)) programs, \(megabytes(memory.batch)) images and labels, \
      \(megabytes(memory.weights)) parameters, momentum, gradients\(reason)
      """
  }
}

extension PlannedPhase {
  fileprivate var cells: [String] {
    [
      (firstEpoch - 1..<lastEpoch).counted, "\(batchSize)", passes,
      learningRate.rounded(digits: 6), ratePerImage.rounded(digits: 6), "\(updates)",
      "\(imagesDropped)", megabytes(memory.all),
    ]
  }

  /// Of training, on all ranks together.
  fileprivate func imagesPerSecond(_ measurement: StepMeasurement) -> String {
    let speed =
      if let compute = shared?.computeSeconds, let speak = shared?.communicationSeconds {
        Double(batchSize) / (compute + speak)
      } else {
        measurement.batchSizes.first { $0.batchSize == batchSize && shared == nil }?.imagesPerSecond
      }
    return speed.map { "\(Int($0.rounded()))" } ?? ""
  }

  /// The micro-batches of a full update: `128 × 3`, or `128 × 2 + 44` where the last one is short.
  private var passes: String {
    lastMicroBatch == microBatch
      ? "\(microBatch) × \(microBatches)"
      : "\(microBatch) × \(microBatches - 1) + \(lastMicroBatch)"
  }
}

/// Seconds as people say them: `43.2 s`, `12.5 min`, `3.1 h`; empty for nil.
func duration(_ seconds: Double?) -> String {
  guard let seconds else { return "" }
  if seconds < 60 { return String(format: "%.1f s", seconds) }
  return seconds < 3600
    ? String(format: "%.1f min", seconds / 60) : String(format: "%.1f h", seconds / 3600)
}
