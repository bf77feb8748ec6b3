import Foundation

/// A drawing of gnuplot's as part of a page.
struct InlineSVG {
  let text: String

  /// - Parameters:
  ///   - name: put before all ids, which have to differ in a page.
  ///   - label: what those hear who do not see it.
  init(_ drawing: Data, name: String, label: String) {
    var svg = String(decoding: drawing, as: UTF8.self)
    if let start = svg.range(of: "<svg") { svg.removeSubrange(..<start.lowerBound) }
    svg = Self.withoutTitles(svg)
    for quote in ["'", "\""] {
      svg = svg.replacing("id=\(quote)", with: "id=\(quote)\(name)-")
        .replacing("href=\(quote)#", with: "href=\(quote)#\(name)-")
    }
    svg = svg.replacing("url(#", with: "url(#\(name)-")
    text = svg.replacing(
      "<svg", with: "<svg role=\"img\" aria-label=\"\(escapedHTML(label))\"", maxReplacements: 1)
  }

  /// gnuplot repeats what is in the legend as titles, which pages would show over the curves.
  static func withoutTitles(_ svg: String) -> String {
    svg.replacing(/<title>.*?<\/title>/.dotMatchesNewlines(), with: "")
  }
}
