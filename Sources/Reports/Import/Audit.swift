/// What does not hold in numbers that somebody reports, named so that a reader can look it up.
struct AuditFinding: Equatable {
  let run: String
  let name: String
  let detail: String
}

/// Looks for what has gone wrong before in comparisons of batch sizes.
///
/// > Source: the defects of the reference's own files, each of which one of these names.
struct Audit {
  let findings: [AuditFinding]

  init(_ groups: [RunGroup]) {
    findings = groups.flatMap { group in
      group.runs.flatMap { run in
        let about = { (name: String, detail: String?) in
          detail.map { AuditFinding(run: run.label, name: name, detail: $0) }
        }
        return [
          about("a batch that never grows", Self.neverGrows(run)),
          about("a rate that grows", Self.growingRate(run)),
          about("a speedup over unlike rank counts", Self.unlikeRanks(run, group)),
          about("totals missing", Self.missingTotals(run)),
          about("accuracy collapse", Self.collapse(run, group)),
        ].compactMap(\.self)
      }
    }
  }

  private static func neverGrows(_ run: ReportRun) -> String? {
    let sizes = Set(run.epochs.compactMap(\.batchSize))
    guard run.kind.isAdaptive, run.isFinished, run.epochs.count > 1, sizes.count == 1,
      let size = sizes.first
    else { return nil }
    let isImported = run.settings == nil
    return "called adaptive, but trained every epoch with batch \(size)"
      + (isImported ? "; if gradients were accumulated, no larger kernel ever ran" : "")
  }

  private static func growingRate(_ run: ReportRun) -> String? {
    let rates = run.epochs.compactMap(\.learningRate)
    // A warm-up may raise the rate; by the end it has come down again.
    guard run.settings?.settings.warmup == nil, let first = rates.first, let last = rates.last,
      last > first
    else { return nil }
    return "from \(compact(first)) in the first epoch to \(compact(last)) in the last"
  }

  private static func unlikeRanks(_ run: ReportRun, _ group: RunGroup) -> String? {
    guard let baseline = group.baseline(for: run), baseline.label != run.label,
      let ranks = run.ranks, let others = baseline.ranks, ranks != others
    else { return nil }
    let guess = run.ranksAreGuessed || baseline.ranksAreGuessed
    return "\(ranks) here, \(others) in \(baseline.label)"
      + (guess ? " (guessed from the files' names)" : "")
      + "; a ratio of their seconds says nothing"
      + " of the batch"
  }

  private static func missingTotals(_ run: ReportRun) -> String? {
    guard case .referenceFiles = run.source else { return nil }
    let wanted: [(String, Bool)] = [
      ("FP_time", run.times.forward == nil), ("BP_time", run.times.backward == nil),
      ("running_time", run.times.total == nil), ("test_time", run.times.evaluation == nil),
      ("batch_size", run.epochs.allSatisfy { $0.batchSize == nil }),
      ("lr", run.epochs.allSatisfy { $0.learningRate == nil }),
    ]
    let missing = wanted.filter(\.1).map(\.0)
    return missing.isEmpty ? nil : "the file has no \(missing.joined(separator: ", "))"
  }

  /// Less than half of what the best of the group reaches, or of its own best in the end.
  private static func collapse(_ run: ReportRun, _ group: RunGroup) -> String? {
    guard run.isFinished, let last = run.epochs.last?.testAccuracy, let own = run.bestAccuracy
    else { return nil }
    if last < own / 2 { return "\(rounded(last, 2)) % in the end, \(rounded(own, 2)) % at best" }
    let bests = group.runs.filter(\.isFinished).compactMap(\.bestAccuracy)
    guard let best = bests.max(), own < best / 2 else { return nil }
    return "\(rounded(own, 2)) % at best, \(rounded(best, 2)) % in another run of the network"
  }
}
