/// What came of the runs.
struct ResultTables {
  let groups: [RunGroup]

  private typealias Cell = ReportTable.Cell
  private var isMixed: Bool { groups.count > 1 }

  var tables: [ReportTable] { [results, speedups, seconds].filter { !$0.rows.isEmpty } }

  private var results: ReportTable {
    table(
      "results", "Results",
      ["epochs", "final accuracy %", "best accuracy %", "updates", "samples", "seconds", "state"],
      notes: ["Accuracy is that of the test images; final is after the last epoch."]
    ) { run, _ in
      let last = run.epochs.last
      return [
        .integer(run.epochs.count), Cell(last?.testAccuracy, digits: 2),
        Cell(run.bestAccuracy, digits: 2), Cell(last?.updates), Cell(last?.samplesSeen),
        Cell(run.times.total, digits: 1), .text(run.isFinished ? "finished" : "unfinished"),
      ]
    }
  }

  private var speedups: ReportTable {
    table(
      "speedups", "Kept and saved, against the smallest fixed batch",
      [
        "best accuracy, points", "updates, ratio", "seconds, ratio", "forward, times as fast",
        "backward, times as fast",
      ],
      notes: [
        "The smallest fixed batch on as many ranks is the one with ratio 1. Runs on different"
          + " machines or threads differ in more than their batch."
      ]
    ) { run, group in
      guard let base = group.baseline(for: run), group.runs.count > 1, base.isFinished,
        run.isFinished
      else { return nil }
      return [
        Cell(difference(run.bestAccuracy, base.bestAccuracy), digits: 2),
        Cell(ratio(run.updates, base.updates), digits: 3),
        Cell(ratio(run.times.total, base.times.total), digits: 2),
        Cell(ratio(base.times.forward, run.times.forward), digits: 2),
        Cell(ratio(base.times.backward, run.times.backward), digits: 2),
      ]
    }
  }

  private var seconds: ReportTable {
    let parts = groups.flatMap { $0.runs.flatMap { $0.times.parts.map(\.name) } }
    let names = RunTimes.partNames.filter(parts.contains)
    return table(
      "seconds", "Where the seconds went", names + ["all"],
      notes: ["Wall-clock seconds; other is what is left of all."]
    ) { run, _ in
      let parts = Dictionary(run.times.parts.map { ($0.name, $0.seconds) }) { first, _ in first }
      if parts.isEmpty { return nil }
      return names.map { Cell(parts[$0], digits: 1) } + [Cell(run.times.total, digits: 1)]
    }
  }

  private func table(
    _ name: String, _ title: String, _ columns: [String], notes: [String],
    _ cells: (ReportRun, RunGroup) -> [ReportTable.Cell]?
  ) -> ReportTable {
    let rows = groups.flatMap { group in
      group.runs.compactMap { run in
        cells(run, group).map { (isMixed ? [.text(group.title)] : []) + [.text(run.label)] + $0 }
      }
    }
    return ReportTable(
      name: name, title: title, columns: (isMixed ? ["network"] : []) + ["run"] + columns,
      rows: rows, notes: notes
    ).withoutEmptyColumns
  }
}

extension ReportTable {
  /// Without the columns that nothing is known for.
  fileprivate var withoutEmptyColumns: ReportTable {
    let known = columns.indices.filter { column in rows.contains { $0[column] != .missing } }
    var table = self
    table.columns = known.map { columns[$0] }
    table.rows = rows.map { row in known.map { row[$0] } }
    return table
  }
}

func difference(_ value: Double?, _ other: Double?) -> Double? {
  guard let value, let other else { return nil }
  return value - other
}

/// nil also where the second is nothing to divide by.
func ratio(_ value: Double?, _ other: Double?) -> Double? {
  guard let value, let other, other > 0 else { return nil }
  return value / other
}
