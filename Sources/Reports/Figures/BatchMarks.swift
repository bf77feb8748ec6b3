/// Where a run's batch size changes, as thin lines across a plot with the sizes above it.
struct BatchMarks {
  /// The size from a place on the x axis on.
  struct Change: Equatable {
    let x: Double
    let size: Int
  }

  let changes: [Change]

  /// - Parameter x: where an epoch ends on the axis; nil where that is not known.
  init(_ run: ReportRun?, x: (ReportEpoch) -> Double?) {
    var changes: [Change] = []
    var end: Double? = 0
    for epoch in run?.epochs ?? [] {
      if let size = epoch.batchSize, size != changes.last?.size, let place = end {
        changes.append(Change(x: place, size: size))
      }
      end = x(epoch)
    }
    // A size that never changes is no news.
    self.changes = changes.count > 1 ? changes : []
  }

  /// Draws them on a plot whose x axis goes from 0 to `end`; a size that has no room is left out.
  func draw(on plot: inout Plot, upTo end: Double) {
    guard !changes.isEmpty, end > 0 else { return }
    plot.topLines += 1
    let pixels = plot.width - plot.leftMargin - plot.rightMargin
    var free = -plot.leftMargin  // where the last label ends, in pixels
    for (index, change) in changes.enumerated() where change.x <= end {
      let place = change.x / end * pixels
      if index > 0 { plot.commands.append(Self.line(at: change.x)) }
      let text = index == 0 ? Self.first(changes, pixels / end) : "\(change.size)"
      let width = GnuplotText.width(of: text)
      let middle = index == 0 ? width / 2 - 44 : place
      guard middle - width / 2 >= free, middle + width / 2 <= pixels + plot.rightMargin else {
        continue
      }
      free = middle + width / 2 + 8
      plot.commands.append(
        "set label '\(text)' at graph \(middle / pixels), graph 1 center offset character 0,0.9")
    }
  }

  private static func line(at x: Double) -> String {
    "set arrow from first \(x), graph 0 to first \(x), graph 1 nohead back \(GnuplotStyle.mark)"
  }

  /// The first size, with the word for it where the second one leaves room.
  private static func first(_ changes: [Change], _ pixels: Double) -> String {
    let text = "batch \(changes[0].size)"
    let second = changes[1].x * pixels - GnuplotText.width(of: "\(changes[1].size)") / 2
    return GnuplotText.width(of: text) - 44 + 8 <= second ? text : "\(changes[0].size)"
  }
}
