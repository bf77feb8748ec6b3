import RunRecords

/// A page, figures and tables about some runs.
///
/// ```
/// report.html         one page that needs nothing else
/// figures/NAME.svg    each figure, and as .png and .pdf
/// tables/NAME.md      each table, and as .csv and .tex
/// ```
///
/// It is made of what runs have written, so it needs neither the data nor what trained them.
/// gnuplot draws the figures; where there is none the report does without, and says so.
public struct Report: Sendable {
  public var runs: [ReportRun]
  public var title: String
  /// Tables that come before the report's own: what an experiment found.
  public var extraTables: [ReportTable]
  /// The sentence that it begins with; nil for the one that the runs give.
  public var headline: String?
  /// Test accuracies, in percent, that the ways to which are compared; nil to pick some.
  public var targets: [Double]?
  /// What could not be read, each in a sentence, for the notes.
  public var faults: [String]

  public init(
    runs: [ReportRun], title: String, extraTables: [ReportTable] = [], headline: String? = nil,
    targets: [Double]? = nil, faults: [String] = []
  ) {
    self.runs = runs
    self.title = title
    self.extraTables = extraTables
    self.headline = headline
    self.targets = targets
    self.faults = faults
  }

  /// What became of a report.
  public struct Outcome: Sendable, Equatable {
    /// The page.
    public var page: String
    public var figures = 0
    public var tables = 0
    /// What is missing from the report though the runs have it, each in a line.
    public var warnings: [String] = []
  }

  /// Writes the report into a directory, which is made where there is none; each file appears as a
  /// whole, in the place of one that an earlier report left.
  ///
  /// - Throws: `FileError`.
  @discardableResult
  public func write(to directory: String) throws(FileError) -> Outcome {
    var writer = ReportWriter(self, directory)
    return try writer.write()
  }
}
