import Foundation

extension ReportTable.Cell {
  /// For people: grouped, rounded, `–` for what is not known.
  public var text: String {
    switch self {
    case .text(let text): text
    case .integer(let value): grouped(value)
    case .number(let value, let digits): rounded(value, digits)
    case .missing: "–"
    }
  }

  var isNumber: Bool {
    switch self {
    case .text: false
    case .integer, .number, .missing: true
    }
  }
}

extension ReportTable {
  /// Whether a column stands to the right: it has numbers and no words.
  func isNumeric(_ column: Int) -> Bool {
    let cells = rows.map { $0[column] }
    return cells.allSatisfy(\.isNumber) && cells.contains { $0 != .missing }
  }
}

/// An integer with commas between thousands: `39,000`.
func grouped(_ value: Int) -> String {
  let digits = Array(String(value.magnitude))
  let groups = stride(from: digits.count, to: 0, by: -3).map { end in
    String(digits[max(0, end - 3)..<end])
  }
  return (value < 0 ? "−" : "") + groups.reversed().joined(separator: ",")
}

/// A number with so many digits behind the point, thousands grouped; `not finite` in words.
func rounded(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }
  let text = String(format: "%.\(digits)f", abs(value))
  let parts = text.split(separator: ".")
  let isNegative = value < 0 && text.contains { $0 != "0" && $0 != "." }
  let whole = Int(parts[0]).map(grouped) ?? String(parts[0])
  return (isNegative ? "−" : "")
    + ([whole] + parts.dropFirst().map(String.init)).joined(
      separator: ".")
}
