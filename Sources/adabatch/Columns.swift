/// Rows as lines, each column as wide as its widest cell.
///
/// - Parameter left: columns from the left that hold words; the others hold numbers and end at one
///   place.
func columns(_ rows: [[String]], left: Int) -> [String] {
  let count = rows.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      column < left
        ? cell + String(repeating: " ", count: widths[column] - cell.count)
        : padded(cell, widths[column])
    }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
