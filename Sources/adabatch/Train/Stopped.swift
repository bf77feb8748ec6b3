import AdaBatch
import ArgumentParser
import Foundation

/// A training that was stopped by a signal.
struct Stopped: Error {
  let message: String
  let code: Int32
  let event: Event<StoppedEvent>

  init(_ run: RecordedRun) {
    let signal = Interruption.signal ?? SIGINT
    code = 128 + signal
    let state = run.trainer.state
    let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
    let resume = resumeLine(run.directory)
    message =
      "stopped by \(name) after update \(grouped(state.updates)), in epoch"
      + " \(min(state.epochsDone + 1, run.trainer.plan.epochs)) after"
      + " \(grouped(state.imagesIntoEpoch)) of \(grouped(run.trainer.dataset.training.imageCount))"
      + " images\n  go on: \(resume)"
    event = Event(
      "stopped",
      StoppedEvent(
        run: run.directory.path, signal: name, exitCode: code, checkpoint: run.newestCheckpoint,
        epochsDone: state.epochsDone, imagesIntoEpoch: state.imagesIntoEpoch,
        updates: state.updates, samplesSeen: state.samplesSeen, resume: resume))
  }
}

/// A fault in the middle of a run, which can be gone on with.
struct Broken: Error {
  let cause: any Error
  let advice: String
}

extension RecordedRun {
  /// Adds to what goes wrong how to go on, once there is something to go on from.
  func advising<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      guard newestCheckpoint != nil else { throw error }
      let isDivergence = (error as? TrainingError)?.code == .diverged
      throw Broken(
        cause: error,
        advice: resumeLine(directory)
          + (isDivergence ? " --allow-changes --learning-rate X, with a smaller rate" : ""))
    }
  }
}
