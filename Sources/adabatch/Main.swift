import AdaBatch
import ArgumentParser
import Foundation

/// Parses the command line, runs the command, and turns what went wrong into a message on stderr
/// and an exit code that scripts can read.
@main
enum Main {
  static func main() {
    // A reader that went away (`| head`) must not end a training of hours.
    signal(SIGPIPE, SIG_IGN)
    #if OneDNN
    FreedMemory.giveBack()
    #endif
    let words = attachingNegativeNumbers(Array(CommandLine.arguments.dropFirst()))
    let environment = ProcessInfo.processInfo.environment
    var layers = SettingLayers()
    do {
      try RankJob.join(for: words, environment)
      try RankJob.ranks.together {
        layers = try SettingLayers(
          ScriptTranslation.ownWords(words), of: [TrainCommand.self, PlanCommand.self],
          environment: environment)
        try run(layers)
      }
      RankJob.leave()
      if let lost = Console.lostOutput { throw lost }
    } catch {
      RankJob.leave(after: error)
      // A mere exit code was explained on stdout.
      exit(after: error is ExitCode ? Console.lostOutput ?? error : error, layers)
    }
  }

  private static func run(_ layers: SettingLayers) throws {
    var command = try AdabatchCommand.parseAsRoot(layers.words)
    if let train = command as? TrainCommand, train.printConfig {
      try train.printSettings(layers)
    } else {
      try command.run()
    }
  }

  private static func exit(after error: any Error, _ layers: SettingLayers) -> Never {
    if let failure = Failure(error) {
      Console.report("adabatch: \(layers.explained(failure.message))")
      Foundation.exit(failure.code)
    }
    // The parser's own words are the same on all ranks.
    if Console.isSilent { Foundation.exit(AdabatchCommand.exitCode(for: error).rawValue) }
    AdabatchCommand.exit(withError: error)
  }
}

struct AdabatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adabatch",
    abstract: "Train image classifiers with a batch size that changes on the way.",
    discussion: """
      EXAMPLE
        adabatch train --network resnet20 --policy adabatch --batch-size 128

      EXIT CODES
        0   done                69  oneDNN, MPI or a  74  disk full, or input,
        1   unexpected              program missing       output, network failed
        64  usage or settings   70  diverged          76  another rank died
        65  data invalid        71  out of memory         or froze
        66  data missing        73  directory in use  130 SIGINT, 143 SIGTERM
                                    or not writable
      """,
    version: Version.text,
    subcommands: [
      TrainCommand.self, PlanCommand.self, CompareCommand.self, ReproduceCommand.self,
      ReportCommand.self, EvaluateCommand.self, PoliciesCommand.self, NetworksCommand.self,
      DataCommand.self, BenchCommand.self, DoctorCommand.self, LaunchCommand.self,
    ])
}
