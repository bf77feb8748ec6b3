/// A report's own tables, in the parts of a page.
struct ReportTables {
  /// What came of the runs.
  let first: [ReportTable]
  let decisions: [ReportTable]
  /// What was asked for, and what computed.
  let last: [ReportTable]

  init(_ report: Report, _ groups: [RunGroup]) {
    first =
      [Audit(RunGroup.groups(of: report.runs)).table].compactMap(\.self)
      + ResultTables(groups: groups).tables
      + [TargetTable(groups: groups, targets: report.targets).table].compactMap(\.self)
    decisions = [DecisionTable.made, .watching].compactMap { $0.table(of: report.runs) }
    let tables = [DifferenceTable.settings(of: report.runs), .machines]
    last = report.runs.isEmpty ? [] : tables.map { $0.table(of: report.runs) }
  }

  var all: [ReportTable] { first + decisions + last }
}
