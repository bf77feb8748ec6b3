import AdaBatch
import ArgumentParser
import Foundation

/// A training that was stopped by a signal.
struct Stopped: Error {
  let message: String
  let code: Int32
  let event: Event<StoppedEvent>

  /// - Parameters:
  ///   - path: of the run.
  ///   - checkpoint: the newest one; nil for none, and on ranks that keep no record.
  ///   - resume: how to go on.
  /// - Throws: `CommunicationError`: ranks tell each other of the signal.
  init(_ trainer: Trainer, _ path: String, checkpoint: Int?, resume: ResumeAdvice) throws {
    // It may have come to another rank only.
    let signals = try trainer.ranks.gather("\(Interruption.signal ?? 0)").compactMap { Int32($0) }
    let signal = signals.first { $0 != 0 } ?? SIGINT
    code = 128 + signal
    let state = trainer.state
    let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
    let resume = resume.command
    message =
      "stopped by \(name) after update \(grouped(state.updates)), in epoch"
      + " \(min(state.epochsDone + 1, trainer.plan.epochs)) after"
      + " \(grouped(state.imagesIntoEpoch)) of \(grouped(trainer.dataset.training.imageCount))"
      + " images\n  go on: \(resume)"
    event = Event(
      "stopped",
      StoppedEvent(
        run: path, signal: name, exitCode: code, checkpoint: checkpoint,
        epochsDone: state.epochsDone, imagesIntoEpoch: state.imagesIntoEpoch,
        updates: state.updates, samplesSeen: state.samplesSeen, resume: resume))
  }
}

/// A fault in the middle of a run, which can be gone on with.
struct Broken: Error {
  let cause: any Error
  let advice: String
}

/// How to go on with a run, as it is told.
struct ResumeAdvice {
  /// The command that goes on.
  let command: String
  /// The same where the loss is not finite any more.
  let afterDivergence: String

  /// Of a run that `train` has begun.
  ///
  /// - Parameter plugin: that was named, and is not recorded: another machine has it elsewhere.
  init(of path: String, plugin: String?) {
    command = resumeLine(path) + (plugin.map { " " + shellLine(["--plugin", $0]) } ?? "")
    afterDivergence = command + " --allow-changes --learning-rate X, with a smaller rate"
  }

  /// Of a run that is one of an experiment.
  init(experiment command: String) {
    self.command = command
    afterDivergence = command + " --fresh, with a smaller learning-rate for that arm"
  }
}

extension RecordedRun {
  /// Adds to what goes wrong how to go on, once there is something to go on from.
  func advising<Result>(_ resume: ResumeAdvice, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      guard newestCheckpoint != nil, !(error is CommunicationError) else { throw error }
      // Also where it showed on another rank.
      let isDivergence = Failure(error)?.code == 70
      throw Broken(cause: error, advice: isDivergence ? resume.afterDivergence : resume.command)
    }
  }
}
