import BatchPolicies
import RunRecords

/// What was measured of the gradient's noise, with its interval, and what was decided.
struct NoiseFigure {
  let runs: [ReportRun]

  private static let signal = "noise scale"

  var figure: Figure? {
    let plots = runs.compactMap(plot).prefix(6)
    guard !plots.isEmpty else { return nil }
    return Figure(
      name: "noise-scale", title: "Noise scale and batch size",
      caption: "The noise scale of the gradient as it was measured, with its 95 % interval, and the"
        + " batch size in use; decisions to change are filled. An interval without an end goes to"
        + " the edge.",
      plots: Array(plots), columns: 2)
  }

  private struct Point {
    let x: Double
    let evidence: Evidence
    let isChange: Bool
  }

  private func plot(of run: ReportRun) -> Plot? {
    let isShadow = !run.decisions.contains { $0.evidence?.signal == Self.signal }
    let points = (isShadow ? run.shadows : run.decisions).compactMap { point(of: $0, in: run) }
    let values = points.compactMap(\.evidence.value).filter { $0 > 0 }
    guard let smallest = values.min(), let largest = values.max() else { return nil }
    let sizes = run.epochs.compactMap(\.batchSize).map(Double.init)
    let bounds = points.flatMap { [$0.evidence.lower, $0.evidence.upper] }.compactMap(\.self)
      .filter { $0 > 0 && $0.isFinite }
    let low = ([smallest] + sizes + bounds).min() ?? smallest
    let high = ([largest] + sizes + bounds).max() ?? largest
    let (bottom, top) = (max(low, smallest / 100) / 1.3, min(high, largest * 100) * 1.3)
    var plot = Plot()
    plot.title = run.title + (isShadow ? " (policy only watching)" : "")
    plot.xLabel = "epoch"
    plot.yLabel = "images"
    let end = max(Double(run.epochs.last?.epoch ?? 1), points.map(\.x).max() ?? 1)
    plot.commands = [
      "set xrange [0:\(end)]", "set logscale y 10", "set yrange [\(bottom):\(top)]",
    ]
    plot.curves = curves(points, sizesOf: run, bottom, top)
    return plot
  }

  private func point(of decision: DecisionRecord, in run: ReportRun) -> Point? {
    guard let evidence = decision.evidence, evidence.signal == Self.signal,
      let value = evidence.value, value > 0, value.isFinite
    else { return nil }
    return Point(
      x: run.place(of: decision), evidence: evidence,
      isChange: decision.action == .change || decision.action == .rollback)
  }

  private func curves(
    _ points: [Point], sizesOf run: ReportRun, _ bottom: Double, _ top: Double
  ) -> [Plot.Curve] {
    let row = { (point: Point) -> [Double] in
      let evidence = point.evidence
      return [
        point.x, evidence.value ?? .nan, max(evidence.lower ?? bottom, bottom),
        min(evidence.upper ?? top, top),
      ]
    }
    let (changes, others) = (points.filter(\.isChange), points.filter { !$0.isChange })
    var before = 0.0
    let steps = run.epochs.flatMap { epoch -> [[Double]] in
      guard let size = epoch.batchSize else { return [] }
      defer { before = Double(epoch.epoch) }
      return [[before, Double(size)], [Double(epoch.epoch), Double(size)]]
    }
    return [
      Plot.Curve(
        rows: steps, style: "with lines lc rgb '#d55e00' dt solid lw 2.2",
        title: "batch size in use"),
      Plot.Curve(
        rows: others.map(row),
        style: "using 1:2:3:4 with yerrorbars lc rgb '#0072b2' dt solid lw 1 pt 6 ps 0.7",
        title: "noise scale"),
      Plot.Curve(
        rows: changes.map(row),
        style: "using 1:2:3:4 with yerrorbars lc rgb '#000000' dt solid lw 1.6 pt 7 ps 1",
        title: "noise scale at a change"),
    ].filter { !$0.rows.isEmpty }
  }
}

extension ReportRun {
  /// Where in the run a decision fell, in epochs.
  func place(of decision: DecisionRecord) -> Double {
    let start = Double(decision.epoch - 1)
    guard let images = decision.imagesIntoEpoch, images > 0,
      let whole = epochs.first?.samplesSeen, whole > 0
    else { return start }
    return start + min(1, Double(images) / Double(whole))
  }
}
