import ArgumentParser
import Foundation

/// Parses the command line, runs the command, and turns what went wrong into a message on stderr
/// and an exit code that scripts can read.
@main
enum Main {
  static func main() {
    // A reader that went away (`| head`) must not end a training of hours.
    signal(SIGPIPE, SIG_IGN)
    var layers = SettingLayers()
    do {
      let words = attachingNegativeNumbers(Array(CommandLine.arguments.dropFirst()))
      layers = try SettingLayers(
        ScriptTranslation.ownWords(words), of: [TrainCommand.self, PlanCommand.self],
        environment: ProcessInfo.processInfo.environment)
      var command = try AdabatchCommand.parseAsRoot(layers.words)
      if let train = command as? TrainCommand, train.printConfig {
        try train.printSettings(layers)
      } else {
        try command.run()
      }
      if let lost = Console.lostOutput { throw lost }
    } catch {
      // A mere exit code was explained on stdout.
      let error = error is ExitCode ? Console.lostOutput ?? error : error
      guard let failure = Failure(error) else { AdabatchCommand.exit(withError: error) }
      Console.report("adabatch: \(layers.explained(failure.message))")
      AdabatchCommand.exit(withError: ExitCode(failure.code))
    }
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
        0   done                66  data missing      73  directory in use
        1   unexpected          69  oneDNN or a           or not writable
        64  usage or settings       program missing   74  disk full, or input,
        65  data invalid        70  diverged              output, network failed
                                71  out of memory     130 SIGINT, 143 SIGTERM
      """,
    version: Version.text,
    subcommands: [
      TrainCommand.self, PlanCommand.self, EvaluateCommand.self, PoliciesCommand.self,
      NetworksCommand.self, DataCommand.self, BenchCommand.self, DoctorCommand.self,
    ])
}
