extension BatchPlan: CustomStringConvertible {
  /// The phases and their sum as a table, with the learning rate as a factor.
  public var description: String { table(initialRate: nil) }

  /// The phases and their sum as a table, with the learning rate as it will be.
  public func table(initialRate: Double) -> String { table(initialRate: .some(initialRate)) }

  private func table(initialRate: Double?) -> String {
    let head = [
      "epochs", "batch", initialRate == nil ? "rate factor" : "rate", "updates", "images",
    ]
    let rows = phases.map { $0.cells(initialRate: initialRate) }
    let sum = ["all \(epochs)", "", "", "\(totalUpdates)", "\(totalSamples)"]
    return aligned([head] + rows + [sum])
  }
}

extension Phase {
  fileprivate func cells(initialRate: Double?) -> [String] {
    [
      epochs.counted, "\(batchSize)", ((initialRate ?? 1) * learningRateFactor).short, "\(updates)",
      "\(samples)",
    ]
  }
}

extension Range<Int> {
  /// Epochs as people count them, from 1: `21–40`.
  package var counted: String {
    count == 1 ? "\(upperBound)" : "\(lowerBound + 1)–\(upperBound)"
  }
}

/// Lines of cells in columns: the first to the left, the others to the right, two spaces between.
func aligned(_ rows: [[String]]) -> String {
  let columns = rows.first?.indices ?? 0..<0
  let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
  let lines = rows.map { row in
    columns.map { column in
      let space = String(repeating: " ", count: widths[column] - row[column].count)
      return column == 0 ? row[column] + space : space + row[column]
    }.joined(separator: "  ")
  }
  return lines.joined(separator: "\n")
}

extension Double {
  /// The number for people: at most 12 digits, so without the noise of a rounded product.
  var short: String { rounded(digits: 12) }

  /// The number with so many significant digits at most, in decimals.
  package func rounded(digits: Int) -> String {
    guard isFinite, self != 0 else { return self == 0 ? "0" : "\(self)" }
    var scale = 1.0
    var enough = 1.0
    for _ in 1..<digits { enough *= 10 }
    while magnitude * scale < enough, scale < 1e300 { scale *= 10 }
    // Both are whole numbers, so the quotient is the double nearest to the decimal, and Swift
    // prints a double with the fewest digits that tell it apart.
    let text = "\((self * scale).rounded() / scale)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
