import Foundation

extension ReportTable {
  /// The table in Markdown, title above and notes below.
  public var markdown: String {
    let rules = columns.indices.map { isNumeric($0) ? "--:" : "---" }
    let lines =
      [Self.line(columns.map(Self.escapedMarkdown)), Self.line(rules)]
      + rows.map { row in Self.line(row.map { Self.escapedMarkdown($0.text) }) }
    let remarks = notes.map { "\n" + Self.escapedMarkdown($0) }
    return (["**\(Self.escapedMarkdown(title))**", ""] + lines + remarks)
      .joined(separator: "\n") + "\n"
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }

  /// Text that Markdown shows as it stands: no markup, no link, no HTML.
  private static func escapedMarkdown(_ text: String) -> String {
    oneLine(text).reduce(into: "") { result, character in
      if "\\`*_[]<>|~&".contains(character) { result.append("\\") }
      result.append(character)
    }
  }
}

/// A text without line ends, which would end a row or a quoted word.
func oneLine(_ text: String) -> String {
  text.split(whereSeparator: \.isNewline).joined(separator: " ")
}
