import BatchPolicies
import RunRecords

/// What policies decided, and of what.
struct DecisionTable {
  let name: String
  let title: String
  let decisions: @Sendable (ReportRun) -> [DecisionRecord]

  static var made: DecisionTable {
    DecisionTable(name: "decisions", title: "Decisions") { $0.decisions }
  }
  static var watching: DecisionTable {
    DecisionTable(
      name: "shadow-decisions", title: "What policies that only watched would have decided"
    ) { $0.shadows }
  }

  /// Those that changed something; nil where there are none at all.
  func table(of runs: [ReportRun]) -> ReportTable? {
    let all = runs.flatMap { run in decisions(run).map { (run, $0) } }
    let telling = all.filter { $0.1.action != .keep }
    guard !all.isEmpty else { return nil }
    let hasEvidence = telling.contains { $0.1.evidence != nil }
    return ReportTable(
      name: name, title: title,
      columns: ["run", "epoch", "batch", "rate", "why"] + (hasEvidence ? Self.evidence : []),
      rows: telling.map { run, decision in
        [
          .text(run.label), .integer(decision.epoch), .integer(decision.batchSize),
          .text(compact(decision.learningRate)), .text(reason(of: decision)),
        ] + (hasEvidence ? cells(decision.evidence) : [])
      },
      notes: note(kept: all.count - telling.count))
  }

  private static let evidence = ["signal", "value", "95 % interval", "threshold", "passed over"]

  private func cells(_ evidence: Evidence?) -> [ReportTable.Cell] {
    guard let evidence else { return Self.evidence.map { _ in .missing } }
    return [
      .text(evidence.signal), text(evidence.value), .text(interval(evidence)),
      text(evidence.threshold), .text(passedOver(evidence)),
    ]
  }

  private func text(_ value: Double?) -> ReportTable.Cell {
    value.map { .text(compact($0)) } ?? .missing
  }

  private func interval(_ evidence: Evidence) -> String {
    if evidence.lower == nil, evidence.upper == nil { return "–" }
    let lower = evidence.lower.map(compact) ?? "0"
    return evidence.upper.map { "\(lower) to \(compact($0))" } ?? "\(lower) or more"
  }

  private func passedOver(_ evidence: Evidence) -> String {
    let others = evidence.alternatives.compactMap { other in
      other.objection.map { "\(other.batchSize): \($0)" }
    }
    return others.isEmpty ? "–" : others.joined(separator: "; ")
  }

  private func reason(of decision: DecisionRecord) -> String {
    decision.action == .rollback ? "taken back: \(decision.reason)" : decision.reason
  }

  private func note(kept: Int) -> [String] {
    guard kept > 0 else { return [] }
    return ["\(grouped(kept)) decisions to keep everything as it was are in the runs' records."]
  }
}
