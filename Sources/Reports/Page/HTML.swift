/// Words of others in HTML: shown as they stand, and no markup.
func escapedHTML(_ text: String) -> String {
  text.unicodeScalars.map { scalar in
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "\"": "&quot;"
    case "'": "&#39;"
    case "\0"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}": "\u{FFFD}"
    default: String(scalar)
    }
  }
  .joined()
}

extension ReportTable {
  /// The table for a page, in a box that scrolls where the page is narrow.
  var html: String {
    let head = columns.indices.map { column in
      "<th scope=\"col\"\(style(column))>\(escapedHTML(columns[column]))</th>"
    }
    let body = rows.map { row in
      "<tr>"
        + row.indices.map { "<td\(style($0))>\(escapedHTML(row[$0].text))</td>" }.joined()
        + "</tr>"
    }
    let remarks = notes.map { "<p class=\"note\">\(escapedHTML($0))</p>" }
    return """
      <div class="table" tabindex="0" role="region" aria-label="\(escapedHTML(title))"><table>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div>
      \(remarks.joined(separator: "\n"))
      """
  }

  /// Numbers stand to the right, and words stay on their line while they are few.
  private func style(_ column: Int) -> String {
    if isNumeric(column) { return " class=\"n\"" }
    let isShort = rows.allSatisfy { $0[column].text.count <= 36 }
    return isShort ? " class=\"s\"" : ""
  }
}
