/// The page of a report: one file that needs no other, no network and no script.
struct Page {
  let report: Report
  let headline: String
  let tables: ReportTables
  /// Figures with their drawings as they go into the page.
  let figures: [(figure: Figure, plots: [String])]
  /// What is missing, in sentences.
  let notes: [String]

  var html: String {
    let sections = [
      report.extraTables.map(section).joined(separator: "\n"),
      tables.first.map(section).joined(separator: "\n"), figureSection,
      tables.decisions.map(section).joined(separator: "\n"), images, noteSection,
      tables.last.map(section).joined(separator: "\n"),
    ]
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <link rel="icon" href="data:,">
      <title>\(escapedHTML(report.title))</title>
      <style>
      \(stylesheet)
      </style>
      </head>
      <body>
      <h1>\(escapedHTML(report.title))</h1>
      <p class="headline">\(escapedHTML(headline))</p>
      \(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
      <footer>Made by adabatch report from the runs' own records. Tables are beside this page as \
      Markdown, CSV and LaTeX, figures as SVG, PNG and PDF.</footer>
      </body>
      </html>

      """
  }

  private func section(_ table: ReportTable) -> String {
    "<section><h2>\(escapedHTML(table.title))</h2>\n\(table.html)\n</section>"
  }

  private var figureSection: String {
    guard !figures.isEmpty else { return "" }
    return "<section><h2>Figures</h2>\n<div class=\"figures\">\n"
      + figures.map { html(of: $0.figure, $0.plots) }.joined(separator: "\n")
      + "\n</div></section>"
  }

  private func html(of figure: Figure, _ plots: [String]) -> String {
    let drawings = zip(figure.plots, plots).map { plot, svg in
      "<div\(plot.width > 500 ? " class=\"wide\"" : "")>\(svg)</div>"
    }
    let place = plots.count > 1 ? " class=\"row\"" : figure.startsRow ? " class=\"first\"" : ""
    return """
      <figure id="figure-\(figure.name)"\(place)>
      <div class="plots">
      \(drawings.joined(separator: "\n"))
      </div>
      <figcaption><b>\(escapedHTML(figure.title)).</b> \(escapedHTML(figure.caption))</figcaption>
      </figure>
      """
  }

  private var images: String {
    let blocks = report.runs.compactMap { run in
      run.predictions.map { WorstImages(run: run, predictions: $0).html }
    }.filter { !$0.isEmpty }
    guard !blocks.isEmpty else { return "" }
    return "<section><h2>Test images with the largest losses</h2>\n"
      + blocks.joined(separator: "\n") + "\n</section>"
  }

  private var noteSection: String {
    let lines =
      report.faults.map { "<li class=\"fault\">\(escapedHTML($0))</li>" }
      + notes.map { "<li>\(escapedHTML($0))</li>" }
    guard !lines.isEmpty else { return "" }
    return "<section><h2>Notes</h2>\n<ul>\n\(lines.joined(separator: "\n"))\n</ul>\n</section>"
  }
}
