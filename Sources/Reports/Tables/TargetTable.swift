/// What it took to come to given test accuracies.
struct TargetTable {
  let groups: [RunGroup]
  /// In percent; nil to pick some for each group.
  let targets: [Double]?

  var table: ReportTable? {
    let rows = groups.flatMap { group in
      (targets ?? Self.targets(for: group)).flatMap { target in
        group.runs.map { row(of: $0, to: target, in: group) }
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      name: "targets", title: "The way to given accuracies",
      columns: (groups.count > 1 ? ["network"] : [])
        + ["test accuracy %", "run", "epoch", "samples", "updates", "seconds"],
      rows: rows,
      notes: ["The first epoch after which the test accuracy was reached; – where it never was."])
  }

  private func row(
    of run: ReportRun, to target: Double, in group: RunGroup
  ) -> [ReportTable.Cell] {
    let epoch = run.epochs.first { ($0.testAccuracy ?? -1) >= target }
    let isWhole = target == target.rounded()
    return (groups.count > 1 ? [.text(group.title)] : []) + [
      .number(target, digits: isWhole ? 0 : 2), .text(run.label), .init(epoch?.epoch),
      .init(epoch?.samplesSeen), .init(epoch?.updates), .init(epoch?.seconds, digits: 1),
    ]
  }

  /// Three round accuracies that the runs come to, or nearly.
  private static func targets(for group: RunGroup) -> [Double] {
    guard group.runs.count > 1, let best = group.runs.compactMap(\.bestAccuracy).max(), best > 0
    else { return [] }
    let step: Double = best >= 30 ? 5 : best >= 10 ? 2 : 1
    let highest = (best / step).rounded(.down) * step
    return [highest - 2 * step, highest - step, highest].filter { $0 > 0 }
  }
}
