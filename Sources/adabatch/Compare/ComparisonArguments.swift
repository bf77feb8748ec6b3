import AdaBatch
import ArgumentParser

/// What `compare` and `reproduce` have in common.
struct ComparisonArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Directory of the runs, and of what they come to (default: runs/NAME).", valueName: "dir"))
  var directory: String?

  @Option(help: .data())
  var data: String?

  @OptionGroup var computing: ComputingArguments

  @Flag(help: "Train nothing: tabulate the runs that are there.")
  var resultsOnly = false

  @Flag(help: "Start over, in a directory with a number behind its name where that is taken.")
  var fresh = false

  @Flag(help: "Print JSON instead of tables, and nothing while it goes on.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print nothing while it goes on.")
  var quiet = false

  /// - Throws: ``TrainingError`` for words that contradict.
  func check() throws(TrainingError) {
    guard resultsOnly, fresh else { return }
    throw TrainingError(
      .impossibleSetting, problem: "--results-only trains nothing, and --fresh starts over",
      fix: "leave one of them out")
  }

  /// The directory of all runs; with --fresh one that nothing is in yet.
  func path(named name: String) -> String {
    let path = directory ?? "runs/" + name
    guard fresh else { return path }
    let numbered = [path] + (2...9999).map { "\(path)-\($0)" }
    return numbered.first { !exists($0) } ?? path
  }

  /// What the command line says over every arm.
  var common: [String: String] {
    var common: [String: String] = [:]
    common["data"] = data
    common["threads"] = computing.threads.map(String.init)
    common["precision"] = computing.precision?.rawValue
    common["device"] = computing.devices.device?.rawValue
    common["devices"] = computing.devices.devices.map(String.init)
    return common
  }
}
