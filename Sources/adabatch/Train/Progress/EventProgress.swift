import AdaBatch

/// Tells of a training in events, each a line of JSON, for programs that watch it: `--json`.
final class EventProgress: TrainProgress {
  private let run: RunToWatch
  private let monitor: RunMonitor
  /// When an update was last told of: once a second is enough.
  private var told = -Double.infinity

  init(_ run: RunToWatch) {
    self.run = run
    monitor = RunMonitor(run)
  }

  func started(_ past: PastRun?) {
    Event("start", StartEvent(run, from: past?.checkpoint)).print()
    Console.warnOfLoad(threads: run.engine.threads, since: run.load)
    run.warn(of: past)
  }

  func decided(_ decision: DecisionRecord) {
    monitor.expects(run.trainer.plan)
    Event("decision", decision).print()
  }

  func updated(_ report: UpdateReport) {
    monitor.updated(report)
    let now = monitor.now
    guard now - told >= 1 else { return }
    told = now
    let timeLeft = monitor.current.timeLeft
    Event(
      "update",
      UpdateEvent(
        report: report, imagesPerSecond: timeLeft.imagesPerSecond,
        secondsLeft: timeLeft.seconds(at: now))
    ).print()
  }

  func finished(_ epoch: EpochRecord) {
    monitor.finishedEpoch()
    Event("epoch", epoch).print()
  }

  func saved(checkpoint: Int) {
    Event("checkpoint", CheckpointEvent(checkpoint, run.trainer.state)).print()
  }

  func finished() {
    Event(
      "finished",
      FinishedEvent(
        run.directory, run.trainer.state, peakMemoryBytes: ProcessMemory.peakResidentBytes)
    ).print()
  }
}
