/// A figure: plots in rows and columns that belong together.
struct Figure {
  /// What its files are called, without ending.
  let name: String
  let title: String
  /// What is to be seen, in a sentence or two.
  let caption: String
  let plots: [Plot]
  var columns = 3
  /// Whether it begins a row of a page, as the first of a network does.
  var startsRow = false

  private static let gap = 14.0

  private var columnCount: Int { min(columns, plots.count) }

  private var rows: [[Plot]] {
    stride(from: 0, to: plots.count, by: columnCount).map { start in
      Array(plots[start..<min(start + columnCount, plots.count)])
    }
  }

  var size: (width: Double, height: Double) {
    let widths = rows.map { row in
      row.reduce(Self.gap * Double(row.count - 1)) { $0 + $1.width }
    }
    let heights = rows.map { row in row.map(\.height).max() ?? 0 }
    return (
      widths.max() ?? 0, heights.reduce(Self.gap * Double(heights.count - 1), +)
    )
  }

  /// All plots on one canvas.
  var script: String {
    var text = "set multiplot\n"
    var (number, top) = (0, size.height)
    for row in rows {
      var x = 0.0
      for plot in row {
        text += plot.script(at: x, top - plot.height, on: size, "p\(number)d")
        x += plot.width + Self.gap
        number += 1
      }
      top -= (row.map(\.height).max() ?? 0) + Self.gap
    }
    return text + "unset multiplot\n"
  }

  /// One plot by itself, for a page that puts them beside or below each other.
  static func script(of plot: Plot) -> String {
    plot.script(at: 0, 0, on: (plot.width, plot.height), "d")
  }
}
