import AdaBatch
import ArgumentParser
import Foundation

/// A training that was stopped by a signal.
struct Stopped: Error {
  let message: String
  let code: Int32

  init(_ run: RecordedRun) {
    let signal = Interruption.signal ?? SIGINT
    code = 128 + signal
    let state = run.trainer.state
    let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
    message =
      "stopped by \(name) after update \(grouped(state.updates)), in epoch"
      + " \(min(state.epochsDone + 1, run.trainer.plan.epochs)) after"
      + " \(grouped(state.imagesIntoEpoch)) of \(grouped(run.trainer.dataset.training.imageCount))"
      + " images\n  go on: \(resumeLine(run.directory))"
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
