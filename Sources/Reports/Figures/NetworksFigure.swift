/// The reference's figure of curves: networks side by side, in each the adaptive batch solid, the
/// smallest fixed one dashed, the largest dotted.
struct NetworksFigure {
  let groups: [RunGroup]

  /// nil where fewer than two networks have an adaptive run and a fixed one.
  var figure: Figure? {
    let telling = groups.filter { $0.adaptive != nil && $0.smallestFixed != nil }
    guard telling.count > 1 else { return nil }
    let shown = Array(telling.prefix(3))
    let plots = [
      row(shown, "test error (%)", \.testError), row(shown, "training loss", \.trainLoss),
    ]
    return Figure(
      name: "networks", title: "Networks side by side",
      caption: "The adaptive batch solid, the smallest fixed batch dashed, the largest dotted.",
      plots: plots.flatMap(\.self), columns: shown.count)
  }

  private func row(
    _ groups: [RunGroup], _ label: String, _ y: (ReportEpoch) -> Double?
  ) -> [Plot] {
    groups.compactMap { group in
      let runs = [group.adaptive, group.smallestFixed, group.largestFixed].compactMap(\.self)
      var plot = CurveFigures(group: group, suffix: "").plot(runs, .epochs, label, y)
      plot?.title = group.title
      return plot
    }
  }
}
