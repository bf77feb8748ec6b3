import RunRecords

// By what runs have recorded of how they were made.
extension Comparability {
  /// Marks what the records of finished runs have in which the settings are silent.
  mutating func mark(_ outcomes: [RunOutcome]) {
    compare("CPU", .both, outcomes) { $0.record.machine.cpu }
    compare("instruction set", .both, outcomes) { $0.record.machine.instructionSet }
    compare("adabatch", .both, outcomes) { $0.record.adabatch }
    compare("executor", .both, outcomes) { $0.record.versions.executor }
    compare("oneDNN", .both, outcomes) { $0.record.versions.oneDNN ?? "none" }
    compare("Swift", .time, outcomes) { $0.record.versions.swift }
    markLoad(outcomes)
    markInterruptions(outcomes)
    markImages(outcomes)
  }

  private mutating func compare(
    _ name: String, _ effect: Mark.Effect, _ outcomes: [RunOutcome],
    _ value: (RunOutcome) -> String
  ) {
    let values = Values(outcomes.map { ($0.name, value($0)) })
    if !values.areSame { marks.append(Mark(name, effect, "\(name) differs: \(values)")) }
  }

  private mutating func markLoad(_ outcomes: [RunOutcome]) {
    // One epoch in twenty is what any machine has.
    let busy = outcomes.filter { 20 * $0.slowEpochs > $0.epochs }
    guard !busy.isEmpty else { return }
    let words = busy.map { "\($0.slowEpochs) of \($0.epochs) epochs of \($0.name)" }
    marks.append(
      Mark(
        "machine load", .time,
        "the machine was busy: \(words.joined(separator: ", ")) were slower by a fifth or more than"
          + " others of their batch size"))
  }

  private mutating func markInterruptions(_ outcomes: [RunOutcome]) {
    let interrupted = outcomes.filter { $0.interruptions > 0 }
    guard !interrupted.isEmpty else { return }
    let words = interrupted.map { "\($0.name) \($0.interruptions)×" }
    marks.append(
      Mark(
        "interruptions", .time,
        "gone on with after an interruption: \(words.joined(separator: ", "))"))
  }

  private mutating func markImages(_ outcomes: [RunOutcome]) {
    let labels = outcomes.compactMap { $0.predictions?.labels }
    if let first = labels.first, labels.contains(where: { $0 != first }) {
      marks.append(
        Mark("test images", .accuracy, "not all runs had the same test images, or in one order"))
    }
    let missing = outcomes.filter { $0.predictions == nil }.map(\.name)
    guard !missing.isEmpty else { return }
    marks.append(
      Mark(
        "predictions", .accuracy,
        "no test of the difference without predictions: \(missing.joined(separator: ", "))"))
  }
}
