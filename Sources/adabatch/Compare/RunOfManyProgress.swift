import AdaBatch

/// Tells of one run as `train` does, and once a minute how long all of them will still take.
final class RunOfManyProgress: TrainProgress {
  private static let interval = 60.0

  private let inner: any TrainProgress
  private let watched: RunToWatch
  private let monitor: RunMonitor
  private let title: String
  private let run: ExperimentRun
  private let remaining: RemainingTime
  private var told = 0.0

  init(
    _ inner: any TrainProgress, _ watched: RunToWatch, _ title: String, _ run: ExperimentRun,
    _ remaining: RemainingTime
  ) {
    (self.inner, self.title, self.run, self.remaining) = (inner, title, run, remaining)
    self.watched = watched
    monitor = RunMonitor(watched)
  }

  func started(_ past: PastRun?) { inner.started(past) }
  func saved(checkpoint: Int) { inner.saved(checkpoint: checkpoint) }
  func finished() { inner.finished() }
  func end() { inner.end() }

  func decided(_ decision: DecisionRecord) {
    inner.decided(decision)
    monitor.expects(watched.trainer.plan)
  }

  func updated(_ report: UpdateReport) {
    inner.updated(report)
    monitor.updated(report)
  }

  func finished(_ epoch: EpochRecord) {
    inner.finished(epoch)
    monitor.finishedEpoch()
    let now = monitor.now
    guard now - told >= Self.interval, let left = monitor.current.timeLeft.seconds(at: now) else {
      return
    }
    told = now
    let own = epoch.epochSeconds * Double(run.settings.epochs)
    guard let all = remaining.seconds(after: run, taking: own) else { return }
    Console.printProgress("\(title): \(ProgressText.timeLeft(left + all)) for all runs")
  }
}
