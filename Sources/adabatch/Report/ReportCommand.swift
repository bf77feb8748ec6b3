import AdaBatch
import ArgumentParser

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make a page, figures and tables of runs, finished or not.",
    discussion: """
      EXAMPLE
        adabatch report runs/* --output report

      Reads run directories, and .npz files that the reference's scripts saved, whose numbers it \
      also audits. Writes report.html, which needs no other file, figures as SVG, PNG and PDF, and \
      tables as Markdown, CSV and LaTeX. gnuplot draws the figures; without it there are none.
      """)

  @Argument(help: ArgumentHelp("Directories of runs, or .npz files.", valueName: "run"))
  var runs: [String]

  @Option(help: ArgumentHelp("Folder that the report is written into.", valueName: "dir"))
  var output = "report"

  @Option(help: "Title of the page.")
  var title = "Runs with a changing batch size"

  @Option(
    help: ArgumentHelp(
      "Test accuracies in percent, the ways to which are compared: 70,75.", valueName: "list"))
  var accuracy: String?

  mutating func run() throws {
    let targets = try accuracy.map(Self.targets)
    let reading = RunReading(runs)
    for fault in reading.faults { Console.report("adabatch: \(fault)") }
    if !reading.runs.isEmpty {
      let report = Report(
        runs: reading.runs, title: title, targets: targets, faults: reading.faults.map(\.line))
      let outcome = try report.write(to: output)
      outcome.warnings.forEach(Console.warn)
      Console.print(
        "the report is \(outcome.page): \(counted(reading.runs.count, "run")),"
          + " \(counted(outcome.figures, "figure")), \(counted(outcome.tables, "table"))")
    }
    if !reading.faults.isEmpty {
      throw ExitCode(reading.faults.allSatisfy(\.isMissing) ? 66 : 65)
    }
  }

  private static func targets(_ list: String) throws -> [Double] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let target = Double(text), (0...100).contains(target) else {
        throw TrainingError(
          .impossibleSetting, problem: "--accuracy is \(list), but needs to be percents: 70,75",
          fix: "give --accuracy numbers from 0 to 100 with commas between them, or leave it out")
      }
      return target
    }
  }
}
