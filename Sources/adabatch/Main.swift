import ArgumentParser

/// Parses the command line, runs the command, and turns what went wrong into a message on stderr
/// and an exit code that scripts can read.
@main
enum Main {
  static func main() {
    do {
      var command = try AdabatchCommand.parseAsRoot()
      try command.run()
    } catch {
      guard let failure = Failure(error) else { AdabatchCommand.exit(withError: error) }
      Console.report("adabatch: \(failure.message)")
      AdabatchCommand.exit(withError: ExitCode(failure.code))
    }
  }
}

struct AdabatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adabatch",
    abstract: "Train image classifiers with a batch size that changes while it trains.",
    discussion: """
      EXAMPLE
        adabatch train --dataset cifar10 --network resnet20 --policy adabatch --batch-size 128

      EXIT CODES
        0 done, 64 usage or settings, 65 data invalid, 66 data missing, 69 library missing,
        70 diverged, 71 out of memory, 73 run directory in use or not writable, 74 disk full
      """,
    version: Version.text,
    subcommands: [TrainCommand.self, NetworksCommand.self])
}
