import AdaBatch
import ArgumentParser

/// How a training says how it goes on.
struct ProgressArguments: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @Flag(help: "Print each event as a line of JSON (Documentation/Watching.md).")
  var json = false

  /// - Throws: ``TrainingError`` for words that contradict.
  func check() throws(TrainingError) {
    guard quiet, json else { return }
    throw TrainingError(
      .impossibleSetting, problem: "--quiet prints nothing, and --json prints events",
      fix: "leave one of them out")
  }

  /// Who tells of a run; the terminal is asked only where nothing else was.
  func progress(of run: RunToWatch) -> any TrainProgress {
    if quiet { return QuietProgress() }
    if json { return EventProgress(run) }
    return Terminal.isInteractive ? BarProgress(run) : LineProgress(run)
  }

  /// Tells of a run that was finished before.
  func tellFinished(_ past: PastRun) {
    if json {
      past.finishedEvent.print()
    } else if !quiet {
      Console.printProgress(past.finishedLine)
    }
  }

  /// Tells of what ends a training before its time; the message itself goes to stderr.
  func tell(_ error: any Error) {
    guard json else { return }
    if let stopped = error as? Stopped {
      stopped.event.print()
    } else if let failure = Failure(error) {
      Event("failed", FailedEvent(message: failure.message, exitCode: failure.code)).print()
    }
  }
}
