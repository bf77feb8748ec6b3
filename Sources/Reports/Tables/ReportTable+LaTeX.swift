extension ReportTable {
  /// The table as a `table` with a `tabular` that needs no package.
  public var latex: String {
    let alignment = columns.indices.map { isNumeric($0) ? "r" : "l" }.joined()
    let body = rows.map { row in Self.line(row.map { Self.escapedLaTeX($0.text) }) }
    let remarks = notes.map { "\\\\[2pt]{\\footnotesize " + Self.escapedLaTeX($0) + "}" }
    let lines =
      [
        "\\begin{table}", "\\centering", "\\caption{\(Self.escapedLaTeX(title))}",
        "\\label{tab:\(name)}", "\\begin{tabular}{\(alignment)}", "\\hline",
        Self.line(columns.map(Self.escapedLaTeX)), "\\hline",
      ] + body + ["\\hline", "\\end{tabular}"] + remarks + ["\\end{table}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ cells: [String]) -> String {
    cells.joined(separator: " & ") + " \\\\"
  }

  /// Text that LaTeX prints as it stands, and no command.
  private static func escapedLaTeX(_ text: String) -> String {
    oneLine(text).map { character in
      switch character {
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      case "<": "\\textless{}"
      case ">": "\\textgreater{}"
      case "–": "--"
      case "−": "$-$"
      case "×": "$\\times$"
      case "≥": "$\\geq$"
      case "∞": "$\\infty$"
      default: String(character)
      }
    }
    .joined()
  }
}
