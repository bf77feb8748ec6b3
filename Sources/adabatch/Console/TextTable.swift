/// Rows of cells in columns two spaces apart: words to the left, numbers to the right.
///
/// A column is one of numbers when the first row below the heading starts with a digit there.
func textTable(_ rows: [[String]]) -> String {
  guard let head = rows.first else { return "" }
  let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  let isNumber = head.indices.map { column in
    rows.dropFirst().contains { $0[column].first?.isNumber == true }
      && !rows.dropFirst().contains { $0[column].first?.isLetter == true }
  }
  let lines = rows.map { row in
    head.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - row[column].count)
      return isNumber[column] ? space + row[column] : row[column] + space
    }
    .joined(separator: "  ")
  }
  return lines.map { line in
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }.joined(separator: "\n")
}
