extension ReportTable {
  /// The table as RFC 4180 has it, numbers with all their digits, what is not known empty.
  public var csv: String {
    ([columns.map(Self.field)] + rows.map { $0.map(Self.field) })
      .map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func field(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): field(text)
    case .integer(let value): "\(value)"
    case .number(let value, _): "\(value)"
    case .missing: ""
    }
  }

  /// A spreadsheet takes what begins with one of these for a formula, and would carry it out.
  private static let formulaStarts: Set<Character> = ["=", "+", "-", "@", "\t"]

  private static func field(_ text: String) -> String {
    let isFormula = text.first.map(formulaStarts.contains) ?? false
    let text = isFormula ? "'" + text : text
    guard text.contains(where: { ",\"".contains($0) || $0.isNewline }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
