import AdaBatch
import ArgumentParser

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract:
      "Train several arms with the same seeds, and say which is better, and how sure that is.",
    discussion: """
      EXAMPLE
        adabatch compare growth.yaml

      The file names the arms, their settings in the words of train's options, and the baseline. What \
      cannot run, or cannot be compared, is said before the first arm starts. The same command again \
      goes on, and takes finished runs as they are. Ends in tables, comparison.json and a report: \
      Documentation/Comparing.md.
      """)

  @Argument(help: ArgumentHelp("YAML file of the experiment.", valueName: "file"))
  var file: String

  @OptionGroup var comparison: ComparisonArguments

  mutating func run() throws {
    try comparison.check()
    let experiment = try ExperimentFile(reading: file).experiment(over: comparison.common)
    try ExperimentSession([experiment], named: experiment.name, comparison).run()
  }
}
