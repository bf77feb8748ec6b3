/// Figures whose lines are runs: loss, error, batch size and rate, accuracy.
struct CurveFigures {
  let group: RunGroup
  /// Behind the figures' names where there are several groups.
  let suffix: String

  /// Lines that a figure can hold and a reader tell apart.
  private static let mostLines = 8

  var figures: [Figure] {
    let parts = stride(from: 0, to: group.runs.count, by: Self.mostLines).map { start in
      Array(group.runs[start..<min(start + Self.mostLines, group.runs.count)])
    }
    return parts.enumerated().flatMap { index, runs in
      let end = suffix + (index == 0 ? "" : "-\(index + 1)")
      return [
        loss(runs, end), error(runs, end), schedule(runs, end), accuracy(runs, end),
      ].compactMap(\.self)
    }
  }

  private func loss(_ runs: [ReportRun], _ end: String) -> Figure? {
    var figure = figure(
      "training-loss" + end, "Training loss",
      "Mean loss of each epoch's images, each as it was when it entered an update.",
      [plot(runs, .epochs, "training loss (nats)", \.trainLoss)])
    figure?.startsRow = true
    return figure
  }

  private func error(_ runs: [ReportRun], _ end: String) -> Figure? {
    figure(
      "test-error" + end, "Test error", "Test images classified wrong after each epoch.",
      [plot(runs, .epochs, "test error (%)", \.testError)])
  }

  private func accuracy(_ runs: [ReportRun], _ end: String) -> Figure? {
    figure(
      "accuracy" + end, "Test accuracy against what it cost",
      "The same accuracies against images that entered an update, against weight updates, and"
        + " against seconds of wall-clock time, evaluations included.",
      [.samples(of: runs), .updates(of: runs), .seconds(of: runs)].map { axis in
        plot(runs, axis, "test accuracy (%)", \.testAccuracy)
      })
  }

  private func schedule(_ runs: [ReportRun], _ end: String) -> Figure? {
    var sizes = plot(runs, .epochs, "batch size (images)", { $0.batchSize.map(Double.init) })
    var rates = plot(runs, .epochs, "learning rate", \.learningRate)
    for index in sizes?.curves.indices ?? 0..<0 { sizes?.curves[index].rows.step() }
    for index in rates?.curves.indices ?? 0..<0 { rates?.curves[index].rows.step() }
    sizes?.commands += ["set logscale y 2"]
    rates?.commands += ["set logscale y 10", "set format y '%g'"]
    return figure(
      "batch-and-rate" + end, "Batch size and learning rate",
      "Images in one weight update, and the rate, both on logarithmic axes.", [sizes, rates])
  }

  private func figure(
    _ name: String, _ title: String, _ caption: String, _ plots: [Plot?]
  ) -> Figure? {
    let plots = plots.compactMap(\.self)
    guard !plots.isEmpty else { return nil }
    let network = suffix.isEmpty ? "" : ": " + group.title
    return Figure(name: name, title: title + network, caption: caption, plots: plots)
  }

  /// nil where no run has both values.
  func plot(
    _ runs: [ReportRun], _ axis: Axis, _ yLabel: String, _ y: (ReportEpoch) -> Double?
  ) -> Plot? {
    let lines = runs.map { run in
      (group.number(of: run), run, rows(of: run, axis, y))
    }.filter { !$0.2.isEmpty }
    guard let end = lines.flatMap({ $0.2.map { $0[0] } }).max(), end > 0 else { return nil }
    var plot = Plot()
    plot.xLabel = axis.label
    plot.yLabel = yLabel
    plot.commands = ["set xrange [0:\(end)]", "set xtics \(Axis.step(upTo: end))"]
    plot.curves = lines.map { number, run, rows in
      Plot.Curve(
        rows: rows,
        style: GnuplotStyle.line(
          number, group.dash(of: run), every: rows.count < 4 ? 1 : (rows.count + 7) / 8),
        title: run.title)
    }
    BatchMarks(lines.map(\.1).first { $0.kind.isAdaptive }, x: axis.value)
      .draw(on: &plot, upTo: end)
    return plot
  }

  private func rows(
    of run: ReportRun, _ axis: Axis, _ y: (ReportEpoch) -> Double?
  ) -> [[Double]] {
    run.epochs.compactMap { epoch in
      guard let x = axis.value(epoch), let y = y(epoch), y.isFinite else { return nil }
      return [x, y]
    }
  }
}

extension ReportEpoch {
  /// In percent.
  var testError: Double? { testAccuracy.map { 100 - $0 } }
}

extension ReportRun {
  /// The label, and whether it is no final one.
  var title: String { label + (isFinished ? "" : " (unfinished)") }
}

extension RunGroup {
  /// What decides a run's colour: the adaptive run, the smallest and the largest fixed batch are
  /// the same in all figures.
  func number(of run: ReportRun) -> Int {
    let known = [adaptive, smallestFixed, largestFixed].compactMap { $0?.label }
    let others = runs.map(\.label).filter { !known.contains($0) }
    return (known + others).firstIndex(of: run.label) ?? 0
  }

  /// Adaptive runs solid, the smallest fixed batch dashed, the largest dotted, others between.
  func dash(of run: ReportRun) -> GnuplotStyle.Dash {
    guard let size = run.kind.fixedSize else { return .solid }
    if size == smallestFixed?.kind.fixedSize { return .dashed }
    return size == largestFixed?.kind.fixedSize ? .dotted : .dashDotted
  }
}

extension [[Double]] {
  /// Makes lines of what holds for a whole epoch, which ends at x: from the epoch's begin on.
  fileprivate mutating func step() {
    var before = 0.0
    self = flatMap { row in
      defer { before = row[0] }
      return [[before, row[1]], row]
    }
  }
}
