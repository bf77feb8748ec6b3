import Foundation
import RunRecords

/// Writes the files of a report.
struct ReportWriter {
  let report: Report
  let directory: String

  init(_ report: Report, _ directory: String) {
    self.report = report
    self.directory = directory
  }

  func write() throws(FileError) -> Report.Outcome {
    var outcome = Report.Outcome(page: path("report.html"))
    let tables = report.extraTables
    try write(tables)
    outcome.tables = tables.count
    return outcome
  }

  private func write(_ tables: [ReportTable]) throws(FileError) {
    try makeReportFolder(path("tables"))
    for table in tables {
      try writeAtomically(table.markdown.utf8, to: path("tables/\(table.name).md"))
      try writeAtomically(table.csv.utf8, to: path("tables/\(table.name).csv"))
      try writeAtomically(table.latex.utf8, to: path("tables/\(table.name).tex"))
    }
  }

  func path(_ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }
}

/// Makes a folder, and those above it, where they are missing.
func makeReportFolder(_ path: String) throws(FileError) {
  do throws(SystemFault) {
    try makeFolder(path)
  } catch {
    throw FileError(errno: error.number, path: path, operation: "make the folder")
  }
}
