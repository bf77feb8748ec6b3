import AdaBatch

/// What experiments came to, as it is printed and written.
struct ComparisonOutput {
  /// `comparison.json`.
  private struct Content: Encodable {
    let adabatch: String
    let experiments: [Comparison]
  }

  static let file = "comparison.json"

  private let title: String
  private let comparisons: [Comparison]
  private let directory: String

  init(_ title: String, _ comparisons: [Comparison], _ directory: String) {
    (self.title, self.comparisons, self.directory) = (title, comparisons, directory)
  }

  private var content: Content { Content(adabatch: Version.number, experiments: comparisons) }

  /// - Throws: ``FileError`` where there is nothing to compare.
  func check() throws(FileError) {
    let damages = comparisons.flatMap(\.damages)
    guard comparisons.allSatisfy({ $0.arms.allSatisfy(\.runs.isEmpty) }), damages.isEmpty else {
      return
    }
    throw FileError(
      code: .missing, path: directory, operation: "tabulate",
      reason: comparisons.flatMap(\.missing).joined(separator: "; "),
      fix: "leave --results-only out to train them, or name their directory with --directory")
  }

  /// Writes `comparison.json` and the report.
  func write(_ runs: [ExperimentRun]) throws {
    let json = try Console.json(content) + "\n"
    try writeAtomically(json.utf8, to: RunDirectory.file(Self.file, in: directory))
    let paths = runs.map { RunDirectory.file($0.name, in: directory) }
    let reading = RunReading(paths.filter(RunDirectory.holdsRun))
    let report = Report(
      runs: reading.runs, title: title, extraTables: comparisons.flatMap(\.tables),
      headline: comparisons.map(\.conclusion).joined(separator: " "), targets: targets,
      faults: reading.faults.map(\.line))
    try report.write(to: RunDirectory.file("report", in: directory))
      .warnings.forEach(Console.warn)
  }

  /// The same for all, where that can be; nil to have the report pick some.
  private var targets: [Double]? {
    let asked = Set(comparisons.map(\.experiment.accuracies))
    return asked.count == 1 ? asked.first.flatMap { $0.isEmpty ? nil : $0 } : nil
  }

  /// - Parameter json: whether programs are to read it.
  func print(json: Bool) throws {
    if json { return try Console.print(json: content) }
    for comparison in comparisons {
      for table in comparison.tables.prefix(3) + [comparison.testTable] {
        Console.print(text(table))
      }
      (comparison.marks.map { "mark: \($0.text)" } + comparison.missing.map { "missing: \($0)" })
        .forEach(Console.print)
      Console.print("\(comparison.conclusion)\n")
    }
    Console.print("written: \(RunDirectory.file(Self.file, in: directory)), report/report.html")
  }

  private func text(_ table: ReportTable) -> String {
    let rows = [table.columns] + table.rows.map { $0.map(\.text) }
    return "\(table.title)\n\(textTable(rows))\n"
  }

  /// - Throws: ``DamagedRuns`` where some could not be read; the others are tabulated.
  func refuseDamages() throws(DamagedRuns) {
    let damages = comparisons.flatMap(\.damages)
    if !damages.isEmpty { throw DamagedRuns(damages: damages) }
  }
}

/// Runs of an experiment that cannot be read.
struct DamagedRuns: Error {
  let damages: [String]

  var message: String {
    (["the other runs are tabulated, without:"] + damages).joined(separator: "\n")
  }
}
