import AdaBatch

/// Tells of a training in plain lines: what it trains, what the policy will do, a line for each
/// epoch, and in long epochs a few between.
final class LineProgress: TrainProgress {
  private let run: RunToWatch
  private let monitor: RunMonitor
  /// nil where something else shows how an epoch goes on.
  private var interim: InterimLines?

  init(_ run: RunToWatch) {
    self.run = run
    monitor = RunMonitor(run)
    interim = InterimLines(at: 0)
  }

  /// For who shows what is between epochs, with the same monitor.
  init(_ run: RunToWatch, _ monitor: RunMonitor) {
    self.run = run
    self.monitor = monitor
  }

  func started(_ past: PastRun?) {
    let (data, threads) = (run.trainer.dataset, run.engine.threads)
    Console.printProgress(
      """
      \(run.settings.network), \(grouped(run.trainer.learner.weights.parameters.count)) parameters, \
      on \(data.name): \(grouped(data.training.imageCount)) images to train on, \
      \(grouped(data.test.imageCount)) to test with (\(data.source))
      \(run.engine.line), seed \(run.settings.seed)\
      \(RanksText(run).lines)
      \(PolicyText(run).lines)
      """)
    Console.warnOfLoad(threads: threads, since: run.load)
    if let past { goesOn(past) }
  }

  /// Says what a run goes on from, and why not from something newer.
  private func goesOn(_ past: PastRun) {
    run.warn(of: past)
    guard let checkpoint = past.checkpoint else {
      return Console.printProgress("no checkpoint was written yet: the run starts at its beginning")
    }
    let (state, plan) = (checkpoint.manifest.state, run.trainer.plan)
    // What the next update has, be it another batch or rate than the checkpoint says.
    let epoch = min(state.epochsDone, plan.epochs - 1)
    let phase = plan.phase(of: epoch)
    let rate = run.settings.learningRate * (phase?.learningRateFactor ?? 1)
    Console.printProgress(
      "goes on from checkpoint \(checkpoint.number): epoch \(epoch + 1) after"
        + " \(grouped(state.imagesIntoEpoch)) images, update \(grouped(state.updates)), batch"
        + " \(phase?.batchSize ?? 0), rate \(ProgressText.rate(rate))")
  }

  func decided(_ decision: DecisionRecord) {
    monitor.expects(run.trainer.plan)
    guard let line = PolicyText(run).line(of: decision) else { return }
    Console.printProgress(line)
  }

  func updated(_ report: UpdateReport) {
    monitor.updated(report)
    let imageCount = run.trainer.dataset.training.imageCount
    guard interim?.isDue(report, imageCount: imageCount, at: monitor.now) == true else { return }
    let timeLeft = monitor.current.timeLeft
    Console.printProgress(
      ProgressText.interim(
        report, of: run.settings.epochs, imageCount: imageCount,
        imagesPerSecond: timeLeft.imagesPerSecond,
        secondsLeft: timeLeft.seconds(at: monitor.now)))
  }

  func finished(_ epoch: EpochRecord) {
    monitor.finishedEpoch()
    interim?.printed(at: monitor.now)
    Console.printProgress(
      ProgressText.epoch(
        epoch, of: run.settings.epochs,
        secondsLeft: monitor.current.timeLeft.seconds(at: monitor.now)))
  }

  func finished() { Console.printProgress("the run is in \(run.directory.path)") }
}
