/// A picture with axes, as values: what gnuplot is to draw, and how large.
///
/// Sizes are in pixels of the drawing, which a page may scale. Words are quoted by ``GnuplotText``;
/// `commands` and the curves' `style` are ours and never hold a run's words.
struct Plot {
  /// A curve, bars, or anything that a list of numbers is drawn with.
  struct Curve {
    /// Numbers, a row for each point; an empty row breaks the line.
    var rows: [[Double]]
    /// gnuplot's `using`, `with` and what follows.
    var style: String
    /// What it is called in the legend; nil for none.
    var title: String?
  }

  var width = 470.0
  /// Of the area between the axes.
  var plotHeight = 230.0
  var title: String?
  var xLabel: String?
  var yLabel: String?
  var y2Label: String?
  /// For values on the y axis: pixels to its left.
  var leftMargin = 80.0
  var rightMargin = 20.0
  /// Lines of text above the plot, the title not counted.
  var topLines = 0
  /// Lines of text below the axis: tick labels, and words that stand there.
  var tickLines = 1
  var commands: [String] = []
  var curves: [Curve] = []

  private static let line = 19.0
  /// What gnuplot's SVG gives a line of the legend.
  private static let legendLine = 21.0

  private var topMargin: Double { 10 + Self.line * 1.1 * Double(topLines + titleLines.count) }

  private var titleLines: [String] {
    title.map { GnuplotText.lines(of: $0, width: width - 10) } ?? []
  }

  private var axisHeight: Double {
    12 + Self.line * (Double(tickLines) + (xLabel == nil ? 0.2 : 1.25))
  }

  private var legend: [String] { curves.compactMap(\.title) }

  /// How many columns of entries fit.
  private var legendColumns: Int {
    let widest = legend.map { GnuplotText.width(of: $0) + 62 }.max() ?? 1
    return max(1, min(legend.count, Int((width - 10) / widest)))
  }

  private var legendRows: Int {
    legend.isEmpty ? 0 : (legend.count + legendColumns - 1) / legendColumns
  }

  var height: Double {
    topMargin + plotHeight + axisHeight + Self.legendLine * Double(legendRows) + 6
  }

  /// The commands that draw it with its lower left corner at a point of a canvas.
  ///
  /// - Parameter prefix: for the names of data, which are the whole script's.
  func script(
    at x: Double, _ y: Double, on canvas: (width: Double, height: Double), _ prefix: String
  )
    -> String
  {
    let blocks = curves.enumerated().map { index, curve in
      "$\(prefix)\(index) << EOD\n" + curve.rows.map(Self.text).joined() + "EOD"
    }
    return
      (["reset", GnuplotStyle.common] + blocks + frame(x, y, canvas) + commands
      + ["plot " + plots(prefix).joined(separator: ", \\\n  ")]).joined(separator: "\n") + "\n"
  }

  private func frame(
    _ x: Double, _ y: Double, _ canvas: (width: Double, height: Double)
  ) -> [String] {
    let top = y + height - topMargin
    let legendTop = top - plotHeight - axisHeight
    func horizontal(_ value: Double) -> String { "screen \(value / canvas.width)" }
    func vertical(_ value: Double) -> String { "screen \(value / canvas.height)" }
    var lines = [
      "set lmargin at \(horizontal(x + leftMargin))",
      "set rmargin at \(horizontal(x + width - rightMargin))",
      "set tmargin at \(vertical(top))", "set bmargin at \(vertical(top - plotHeight))",
      legend.isEmpty
        ? "unset key"
        : "set key at \(horizontal(x + width / 2)), \(vertical(legendTop)) top center"
          + " vertical maxrows \(legendRows)",
    ]
    for (number, text) in titleLines.enumerated() {
      lines.append(
        "set label \(GnuplotText.quoted(text)) at \(horizontal(x + width / 2)),"
          + " \(vertical(y + height - 14 - Self.line * Double(number))) center")
    }
    let middle = top - plotHeight / 2
    let words = [
      (xLabel, x + (leftMargin + width - rightMargin) / 2, legendTop + 12, ""),
      (yLabel, x + 10, middle, " rotate by 90"),
      (y2Label, x + width - 10, middle, " rotate by 90"),
    ]
    return lines
      + words.compactMap { text, x, y, turn in
        text.map {
          "set label \(GnuplotText.quoted($0)) at \(horizontal(x)), \(vertical(y)) center\(turn)"
        }
      }
  }

  private func plots(_ prefix: String) -> [String] {
    curves.enumerated().map { index, curve in
      let title = curve.title.map { "title \(GnuplotText.quoted($0))" } ?? "notitle"
      return "$\(prefix)\(index) \(curve.style) \(title)"
    }
  }

  private static func text(of row: [Double]) -> String {
    row.map { $0.isFinite ? "\($0)" : "NaN" }.joined(separator: " ") + "\n"
  }
}
