import Foundation
import RunRecords

/// Writes the files of a report.
struct ReportWriter {
  private let report: Report
  private let directory: String
  private let groups: [RunGroup]
  private var outcome: Report.Outcome

  init(_ report: Report, _ directory: String) {
    var report = report
    groups = RunGroup.groups(of: report.runs)
    report.runs = report.runs.namingNetworks()
    self.report = report
    self.directory = directory
    outcome = Report.Outcome(page: RunDirectory.file("report.html", in: directory))
  }

  mutating func write() throws(FileError) -> Report.Outcome {
    let tables = ReportTables(report, groups)
    try makeReportFolder(path("tables"))
    for table in report.extraTables + tables.all { try write(table) }
    let figures = try writeFigures()
    let page = Page(
      report: report, headline: report.headline ?? Headline(groups: groups).text, tables: tables,
      figures: figures, notes: notes)
    try writeAtomically(page.html.utf8, to: outcome.page)
    return outcome
  }

  private mutating func write(_ table: ReportTable) throws(FileError) {
    try writeAtomically(table.markdown.utf8, to: path("tables/\(table.name).md"))
    try writeAtomically(table.csv.utf8, to: path("tables/\(table.name).csv"))
    try writeAtomically(table.latex.utf8, to: path("tables/\(table.name).tex"))
    outcome.tables += 1
  }

  private mutating func writeFigures() throws(FileError) -> [(figure: Figure, plots: [String])] {
    let figures = reportFigures(groups, of: report.runs)
    guard !figures.isEmpty else { return [] }
    guard let gnuplot = Gnuplot() else {
      outcome.warnings.append(Gnuplot.howToGetIt)
      return []
    }
    try makeReportFolder(path("figures"))
    var drawn: [(figure: Figure, plots: [String])] = []
    for figure in figures {
      if let plots = try draw(figure, with: gnuplot) { drawn.append((figure, plots)) }
    }
    outcome.figures = drawn.count
    return drawn
  }

  /// Writes a figure's files; returns its plots for the page, nil where gnuplot failed.
  private mutating func draw(
    _ figure: Figure, with gnuplot: Gnuplot
  ) throws(FileError) -> [String]? {
    var files: [(String, Data)] = []
    var plots: [String] = []
    do throws(Gnuplot.Failure) {
      for format in Gnuplot.Format.allCases {
        let picture = try gnuplot.draw(figure.script, format.terminal(figure.size))
        files.append(("figures/\(figure.name).\(format.rawValue)", picture))
      }
      for (number, plot) in figure.plots.enumerated() {
        let terminal = Gnuplot.Format.svg.terminal((plot.width, plot.height), scalable: true)
        let drawing = try gnuplot.draw(Figure.script(of: plot), terminal)
        let label = [figure.title, plot.title].compactMap(\.self).joined(separator: ", ")
        plots.append(InlineSVG(drawing, name: "\(figure.name)-\(number)", label: label).text)
      }
    } catch {
      outcome.warnings.append("gnuplot could not draw figure '\(figure.name)': \(error.reason)")
      return nil
    }
    for (name, picture) in files { try writeAtomically(picture, to: path(name)) }
    return plots
  }

  /// What a reader has to know about the runs, and what is missing.
  private var notes: [String] {
    let remarks = report.runs.flatMap { run in run.notes.map { "\(run.label) \($0)." } }
    let own = report.runs.filter { run in
      guard case .directory = run.source else { return false }
      return run.isFinished && run.predictions == nil
    }
    let withoutPredictions =
      own.isEmpty
      ? []
      : [
        "No predictions for test images, so no confusion matrix: "
          + own.map(\.label).joined(separator: "; ") + "."
      ]
    return remarks + withoutPredictions + outcome.warnings.map { "Missing: \($0)." }
  }

  private func path(_ name: String) -> String { RunDirectory.file(name, in: directory) }
}

/// Makes a folder, and those above it, where they are missing.
func makeReportFolder(_ path: String) throws(FileError) {
  do throws(SystemFault) {
    try makeFolder(path)
  } catch {
    throw FileError(errno: error.number, path: path, operation: "make the folder")
  }
}
