import RunRecords

/// Which class test images were taken for: one plot for each run that has predictions.
struct ConfusionFigure {
  let runs: [ReportRun]

  var figure: Figure? {
    let plots = runs.compactMap { run in run.predictions.map { plot(run, $0) } }.prefix(6)
    guard !plots.isEmpty else { return nil }
    return Figure(
      name: "confusion", title: "Confusion matrix",
      caption: "Percent of the test images of each class (row) that were taken for each class"
        + " (column); the darker, the more.",
      plots: Array(plots), columns: 2)
  }

  private func plot(_ run: ReportRun, _ predictions: TestPredictions) -> Plot {
    let shares = Self.shares(predictions)
    let names = predictions.classNames
    var plot = Plot()
    plot.title = run.title
    plot.plotHeight = 350
    plot.leftMargin = names.count <= 20 ? 102 : 66
    plot.rightMargin = 16
    plot.tickLines = names.count <= 20 ? 4 : 1
    plot.xLabel = names.count <= 20 ? "taken for" : "taken for class"
    plot.yLabel = names.count <= 20 ? nil : "class"
    plot.commands =
      [
        "set xrange [-0.5:\(Double(names.count) - 0.5)]",
        "set yrange [\(Double(names.count) - 0.5):-0.5]", "set cbrange [0:100]",
        "set palette defined (0 '#ffffff', 5 '#d6e4f0', 100 '#0b3c5d')", "unset colorbox",
        "unset grid", "set border 15", "set tics scale 0",
      ] + ticks(names)
    let pixels = names.count <= 20 ? "image pixels" : "image"
    plot.curves = [Plot.Curve(rows: shares, style: "matrix with \(pixels)", title: nil)]
    if names.count <= 20 { plot.curves += Self.numbers(shares) }
    return plot
  }

  /// Percent of a row's images in each column.
  static func shares(_ predictions: TestPredictions) -> [[Double]] {
    let count = predictions.classNames.count
    var table = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for (label, guess) in zip(predictions.labels, predictions.predictions) {
      table[label][guess] += 1
    }
    return table.map { row in
      let all = row.reduce(0, +)
      return all > 0 ? row.map { 100 * $0 / all } : row
    }
  }

  /// Class names while they fit, numbers of classes otherwise.
  private func ticks(_ names: [String]) -> [String] {
    guard names.count <= 20 else {
      return ["set xtics 10", "set ytics 10"]
    }
    let list = names.enumerated().map { index, name in
      "\(GnuplotText.quoted(String(name.prefix(11)))) \(index)"
    }.joined(separator: ", ")
    return ["set xtics rotate by 45 right (\(list))", "set ytics (\(list))"]
  }

  /// Numbers in the cells, white on dark; what rounds to nothing is left out.
  private static func numbers(_ shares: [[Double]]) -> [Plot.Curve] {
    let cells = shares.enumerated().flatMap { row, values in
      values.enumerated().map { [Double($0), Double(row), $1.rounded()] }
    }.filter { $0[2] >= 1 }
    return [("#222222", cells.filter { $0[2] < 45 }), ("#ffffff", cells.filter { $0[2] >= 45 })]
      .filter { !$0.1.isEmpty }
      .map { colour, rows in
        Plot.Curve(
          rows: rows,
          style: "using 1:2:(sprintf('%d', $3)) with labels font ',12' tc rgb '\(colour)'",
          title: nil)
      }
  }
}
