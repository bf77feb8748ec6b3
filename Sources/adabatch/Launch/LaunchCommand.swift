import AdaBatch
import ArgumentParser

struct LaunchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "launch",
    abstract: "Train on several ranks, and start again when one of them dies.",
    discussion: """
      EXAMPLE
        adabatch launch -n 4 --max-restarts 3 -- train --network resnet20 --run runs/a

      Runs mpirun -n 4 adabatch train --network resnet20 --run runs/a. A rank that is killed, crashes \
      or freezes ends all of them; it is named, and the same command goes on from the newest \
      checkpoint. What would only fail again, and a run that was stopped by a signal, is not started \
      again. Documentation/ManyRanks.md.
      """)

  @Option(name: [.customShort("n"), .customLong("ranks")], help: "How many ranks.")
  var count: Int

  @Option(help: ArgumentHelp("How often to start again at most.", valueName: "n"))
  var maxRestarts = 3

  @Option(
    help: ArgumentHelp(
      "The launcher with options of its own: \"mpirun -f hosts\", \"srun --mpi=pmi2\".",
      valueName: "command"))
  var mpirun = "mpirun"

  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("train and its options.", valueName: "train …"))
  var command: [String]

  mutating func run() throws {
    try check()
    let launcher = try Launcher(mpirun)
    for restart in 0... {
      let end = try LaunchedJob.run(launcher, ranks: count, command)
      guard end.mayGoOn else {
        if end.code == 0 { return }
        throw ExitCode(end.code)
      }
      guard restart < maxRestarts else {
        Console.report("adabatch: \(end.reason), and \(restart) restarts are used up")
        throw ExitCode(Failure.otherRankFailed)
      }
      Console.report(
        "adabatch: \(end.reason); restart \(restart + 1) of \(maxRestarts) goes on from the newest"
          + " checkpoint")
    }
  }

  private func check() throws(TrainingError) {
    try Checked.range("-n", count, 1...100_000)
    try Checked.range("--max-restarts", maxRestarts, 0...1_000_000)
    guard command.first == "train" else {
      throw TrainingError(
        .impossibleSetting,
        problem: "launch starts trainings, and behind -- there is "
          + (command.first.map { "'\(printable($0))'" } ?? "nothing"),
        fix: "give adabatch launch -n \(count) -- train and its options")
    }
    guard !command.contains("--fresh") else {
      throw TrainingError(
        .impossibleSetting,
        problem: "--fresh begins a run anew each time, so a restart would lose what is there",
        fix: "name a directory that holds no run with --run DIR instead")
    }
  }
}
