import Foundation

/// The reference's figure of times: for each run a forward and a backward bar, and two lines, on an
/// axis of their own, that say how many times as fast as the smallest fixed batch that was.
struct SpeedupFigure {
  let group: RunGroup
  let suffix: String

  /// Runs beside each other in one plot, so that letters stay readable on a telephone.
  private static let mostPerPlot = 3

  /// nil where fewer than two runs have both times.
  var figure: Figure? {
    let runs = group.runs.filter { $0.times.forward != nil && $0.times.backward != nil }
    guard runs.count > 1 else { return nil }
    let plots = (runs.count + Self.mostPerPlot - 1) / Self.mostPerPlot
    let perPlot = (runs.count + plots - 1) / plots
    let parts = stride(from: 0, to: runs.count, by: perPlot).map { start in
      Array(runs[start..<min(start + perPlot, runs.count)])
    }
    return Figure(
      name: "speedup" + suffix, title: "Forward and backward" + title,
      caption:
        "Seconds of all forward and backward passes as bars; lines on the right axis: how many"
        + " times as fast as the smallest fixed batch on as many ranks.",
      plots: parts.map { plot($0, of: runs, room: perPlot) }, columns: 2)
  }

  private var title: String { suffix.isEmpty ? "" : ": " + group.title }

  private func plot(_ runs: [ReportRun], of all: [ReportRun], room: Int) -> Plot {
    let seconds = all.flatMap { [$0.times.forward, $0.times.backward] }.compactMap(\.self)
    var plot = Plot()
    plot.yLabel = "seconds"
    plot.rightMargin = 62
    plot.commands = [
      "set xrange [-0.6:\(Double(room) - 0.4)]",
      "set yrange [0:\(1.05 * (seconds.max() ?? 1))]", "unset xtics", "set boxwidth 0.3",
    ]
    label(runs, on: &plot, room: room)
    plot.curves = [
      bars(runs.map(\.times.forward), at: -0.16, "#0072b2", "forward"),
      bars(runs.map(\.times.backward), at: 0.16, "#e69f00", "backward"),
    ]
    addSpeedups(of: runs, among: all, to: &plot)
    return plot
  }

  private func bars(
    _ seconds: [Double?], at offset: Double, _ colour: String, _ title: String
  ) -> Plot.Curve {
    Plot.Curve(
      rows: seconds.enumerated().map { [Double($0) + offset, $1 ?? .nan] },
      style: "with boxes fc rgb '\(colour)'", title: title)
  }

  private func addSpeedups(
    of runs: [ReportRun], among all: [ReportRun], to plot: inout Plot
  ) {
    let (forward, backward) = (speedups(of: runs, \.forward), speedups(of: runs, \.backward))
    let largest = (speedups(of: all, \.forward) + speedups(of: all, \.backward))
      .filter(\.isFinite).max()
    guard let largest, (forward + backward).contains(where: \.isFinite) else { return }
    plot.y2Label = "times as fast"
    plot.commands += ["set y2tics", "set y2range [0:\(1.1 * largest)]", "set border 11"]
    plot.curves += [
      line(forward, "dt solid pt 7", "forward, times as fast"),
      line(backward, "dt (9,5) pt 4", "backward, times as fast"),
    ]
  }

  /// Not a number where there is no fixed batch on as many ranks: other seconds say nothing of the
  /// batch.
  private func speedups(
    of runs: [ReportRun], _ part: KeyPath<RunTimes, Double?>
  ) -> [Double] {
    runs.map { run in
      guard let base = group.baseline(for: run), base.ranks == run.ranks else { return .nan }
      return ratio(base.times[keyPath: part], run.times[keyPath: part]) ?? .nan
    }
  }

  private func line(_ speedups: [Double], _ look: String, _ title: String) -> Plot.Curve {
    Plot.Curve(
      rows: speedups.enumerated().map { [Double($0), $1] },
      style: "axes x1y2 with linespoints lc rgb '#000000' lw 1.9 ps 1 \(look)", title: title)
  }

  /// Labels below their bars, in as many lines as they need.
  private func label(_ runs: [ReportRun], on plot: inout Plot, room: Int) {
    let space = (plot.width - plot.leftMargin - 62) / (Double(room) + 0.2) - 6
    let labels = runs.map { GnuplotText.lines(of: $0.title, width: space) }
    plot.tickLines = labels.map(\.count).max() ?? 1
    for (index, lines) in labels.enumerated() {
      for (number, line) in lines.enumerated() {
        plot.commands.append(
          "set label \(GnuplotText.quoted(line)) at first \(index), graph 0"
            + " offset character 0,\(-0.9 - Double(number)) center")
      }
    }
  }
}
