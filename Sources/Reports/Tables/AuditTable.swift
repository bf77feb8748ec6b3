extension Audit {
  /// nil where nothing was found.
  var table: ReportTable? {
    guard !findings.isEmpty else { return nil }
    return ReportTable(
      name: "audit", title: "What does not hold in these numbers",
      columns: ["run", "finding", "detail"],
      rows: findings.map { [.text($0.run), .text($0.name), .text($0.detail)] })
  }
}
