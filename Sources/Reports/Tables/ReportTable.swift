/// A table of a report, which it writes as HTML, Markdown, CSV and LaTeX.
public struct ReportTable: Sendable, Equatable {
  /// What its files are called, without ending: small letters, digits and hyphens.
  public var name: String
  public var title: String
  public var columns: [String]
  /// Each as long as ``columns``.
  public var rows: [[Cell]]
  /// What a reader has to know, below the table; CSV goes without.
  public var notes: [String]

  public init(
    name: String, title: String, columns: [String], rows: [[Cell]], notes: [String] = []
  ) {
    self.name = name
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  /// What stands in one place of a table.
  ///
  /// Numbers stay numbers, so that people read `39,000` and programs `39000`.
  public enum Cell: Sendable, Equatable, ExpressibleByStringLiteral {
    case text(String)
    case integer(Int)
    /// Rounded for people; programs get all its digits.
    case number(Double, digits: Int)
    /// Not known, or does not apply.
    case missing

    public init(stringLiteral text: String) { self = .text(text) }

    /// The number where there is one.
    public init(_ value: Int?) { self = value.map(Self.integer) ?? .missing }

    /// The number where there is one.
    public init(_ value: Double?, digits: Int) {
      self = value.map { .number($0, digits: digits) } ?? .missing
    }
  }
}
