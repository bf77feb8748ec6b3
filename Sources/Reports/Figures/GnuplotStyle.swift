/// How all figures look: dark on white, few colours that colour-blind people tell apart, and dashes,
/// points and widths for those who print in black and white.
enum GnuplotStyle {
  /// Figures' font, which each terminal finds something for.
  static let font = "sans-serif,14"
  /// The same in points, for paper: a pixel is 1/96 inch.
  static let pointFont = "sans-serif,10.5"

  static let common = """
    set encoding utf8
    set border 3 lc rgb '#555555' lw 1
    set tics nomirror out scale 0.5
    set grid ytics lc rgb '#d8d8d8' lw 0.8 dt solid
    set key reverse Left samplen 2.6 spacing 1 noopaque
    set style fill solid 1 border rgb '#222222'
    """

  /// A thin line behind the curves.
  static let mark = "lc rgb '#9a9a9a' lw 0.8 dt solid"

  /// Colours of Okabe and Ito, dark ones first.
  private static let colours = [
    "#000000", "#0072b2", "#d55e00", "#009e73", "#aa4499", "#7a6000", "#56b4e9", "#888888",
  ]
  private static let points = [7, 4, 8, 12, 5, 2, 10, 6]

  /// How a run's line is told from others.
  enum Dash: String {
    case solid
    case dashed = "(9,5)"
    case dotted = "(2,4)"
    case dashDotted = "(9,4,2,4)"
  }

  /// The line of the run with that number among those of a figure.
  ///
  /// - Parameter every: points between two marks on the line; 0 for none.
  static func line(_ number: Int, _ dash: Dash, every: Int) -> String {
    let number = number % colours.count
    let pattern = dash == .solid ? "solid" : dash.rawValue
    let look = "lc rgb '\(colours[number])' dt \(pattern) lw \(dash == .dotted ? 2.4 : 1.9)"
    guard every > 0 else { return "with lines \(look)" }
    return "with linespoints \(look) pt \(points[number]) ps 0.75 pi \(-every)"
  }

  static func colour(_ number: Int) -> String { colours[number % colours.count] }

  /// Fills for parts that lie beside each other, light and dark in turn.
  static let fills = [
    "#1f4e79", "#8fb8de", "#3b3b3b", "#f2c879", "#a14a00", "#cfcfcf", "#4f8f6b", "#ffffff",
  ]
}
