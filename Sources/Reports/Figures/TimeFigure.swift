/// Where the seconds of each run went: a bar of parts.
struct TimeFigure {
  let group: RunGroup
  let suffix: String

  var figure: Figure? {
    let runs = group.runs.filter { $0.times.total != nil && $0.times.parts.count > 1 }
    guard !runs.isEmpty else { return nil }
    return Figure(
      name: "time-split" + suffix,
      title: "Where the seconds went" + (suffix.isEmpty ? "" : ": " + group.title),
      caption: "Wall-clock seconds of each run; parts too thin to be seen are in the table.",
      plots: [plot(runs)])
  }

  private func plot(_ runs: [ReportRun]) -> Plot {
    let unit = (runs.compactMap(\.times.total).max() ?? 0) > 20_000 ? 3600.0 : 1
    let end = (runs.compactMap(\.times.total).max() ?? 1) / unit
    var plot = Plot()
    // gnuplot gives a legend no more lines than fit beside the plot: room for four of them.
    let rows = Double(max(2, runs.count))
    plot.plotHeight = 44 * rows + 10
    plot.leftMargin = 16
    plot.rightMargin = 30
    plot.xLabel = unit == 1 ? "seconds" : "hours"
    plot.commands = [
      "set xrange [0:\(end)]", "set xtics \(Axis.step(upTo: end))",
      "set yrange [\(rows):0]", "unset ytics", "set border 1",
      "set grid xtics lc rgb '#d8d8d8' lw 0.8 dt solid",
    ]
    for (index, run) in runs.enumerated() {
      plot.commands.append(
        "set label \(GnuplotText.quoted(run.title)) at graph 0, first \(Double(index) + 0.24) left")
    }
    let used = RunTimes.partNames.filter { name in
      runs.contains { $0.times.parts.contains { $0.name == name && $0.seconds > 0 } }
    }
    plot.curves = used.map { name in
      Plot.Curve(
        rows: bars(of: name, runs, unit),
        style: "using 1:2:3:4:5:6 with boxxyerror lw 0.6 fc rgb '\(fill(of: name))'", title: name)
    }
    return plot
  }

  private func fill(of name: String) -> String {
    GnuplotStyle.fills[RunTimes.partNames.firstIndex(of: name) ?? 0]
  }

  /// Middle, then the edges, of the part's bar in each run's row.
  private func bars(of name: String, _ runs: [ReportRun], _ unit: Double) -> [[Double]] {
    runs.enumerated().compactMap { index, run in
      var left = 0.0
      for part in run.times.parts {
        let right = left + part.seconds / unit
        if part.name == name {
          let y = Double(index) + 0.66
          return [(left + right) / 2, y, left, right, y - 0.2, y + 0.2]
        }
        left = right
      }
      return nil
    }
  }
}
