import AdaBatch
import Foundation

/// Tells of a training on a terminal: lines as anywhere, and below them one that changes.
///
/// A thread of its own draws it, so it goes on while an epoch is evaluated or a large batch takes
/// its seconds, and an update costs it nothing but a look at the clock.
struct BarProgress: TrainProgress {
  /// Seconds between two drawings.
  private static let interval = 0.2

  private let lines: LineProgress
  private let monitor: RunMonitor
  private let initialRate: Double

  init(_ run: RunToWatch) {
    monitor = RunMonitor(run)
    lines = LineProgress(run, monitor)
    initialRate = run.settings.learningRate
  }

  func started(_ past: PastRun?) {
    lines.started(past)
    Console.live.begin()
    let colour = Terminal.hasColour
    Thread.detachNewThread { [monitor, initialRate] in
      while Console.live.draw(
        StatusLine(monitor.current, at: monitor.now, initialRate: initialRate)
          .text(columns: Terminal.columns, colour: colour))
      {
        Thread.sleep(forTimeInterval: Self.interval)
      }
    }
  }

  func decided(_ decision: DecisionRecord) { lines.decided(decision) }

  func updated(_ report: UpdateReport) { monitor.updated(report) }

  func finished(_ epoch: EpochRecord) { lines.finished(epoch) }

  func finished() {
    end()
    lines.finished()
  }

  func end() { Console.live.end() }
}
