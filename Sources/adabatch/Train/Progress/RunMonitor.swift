import AdaBatch
import Synchronization

/// Where a run is and how long it will still take; asked from other threads too.
final class RunMonitor: Sendable {
  struct Moment: Sendable {
    /// The newest update of the epoch under way.
    var update: UpdateReport?
    var epochsDone: Int
    var timeLeft: TimeLeft
    /// When something last happened, by ``RunMonitor/now``.
    var changed: Double
  }

  private let start = ContinuousClock.now
  private let moment: Mutex<Moment>

  init(_ run: RunToWatch) {
    let (trainer, state) = (run.trainer, run.trainer.state)
    var timeLeft = TimeLeft(
      trainer.plan, microBatch: trainer.options.microBatch,
      testImageCount: trainer.dataset.test.imageCount, from: state, at: 0)
    // Who cannot read them has them read again, and says why, when the next one is written.
    let records = (try? run.directory.epochs().records) ?? []
    // On another number of ranks epochs took another time.
    timeLeft.remember(records.filter { $0.ranks == trainer.ranks.count })
    moment = Mutex(
      Moment(update: nil, epochsDone: state.epochsDone, timeLeft: timeLeft, changed: 0))
  }

  /// Seconds since the start.
  var now: Double { ContinuousClock.now.seconds(since: start) }

  var current: Moment { moment.withLock { $0 } }

  func updated(_ report: UpdateReport) {
    let now = now
    moment.withLock { moment in
      moment.timeLeft.updated(report, at: now)
      (moment.update, moment.changed) = (report, now)
    }
  }

  /// Hears of a decision that changes what the run is expected to do.
  func expects(_ plan: BatchPlan) { moment.withLock { $0.timeLeft.expect(plan) } }

  func finishedEpoch() {
    let now = now
    moment.withLock { moment in
      moment.timeLeft.finishedEpoch(at: now)
      moment.epochsDone += 1
      (moment.update, moment.changed) = (nil, now)
    }
  }
}
