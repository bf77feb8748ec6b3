import RunRecords

/// A run as a report sees it, whatever it was read from: a run's directory, or numbers that the
/// reference's scripts saved.
///
/// What the source does not tell is nil, and is left out of tables and figures.
public struct ReportRun: Sendable {
  /// What it was read from.
  public enum Source: Sendable, Equatable {
    case directory(String)
    /// A file of the reference's scripts, or several: one of each rank.
    case referenceFiles([String])
    /// Made by a program, which says how it calls it.
    case program(String)
  }

  /// What it is called in tables and figures: `AdaBatch 256–4096`.
  public var label: String
  public var source: Source
  /// As in the run's settings; guessed from the file's name for a reference file.
  public var network: String?
  public var dataset: String?
  public var kind: BatchKind
  /// What is in `run.yaml`.
  public var settings: RunSettings?
  public var epochs: [ReportEpoch] = []
  public var times = RunTimes()
  /// The highest test accuracy, in percent.
  public var bestAccuracy: Double?
  public var decisions: [DecisionRecord] = []
  /// What policies that only watched would have decided.
  public var shadows: [DecisionRecord] = []
  /// What the final weights make of each test image.
  public var predictions: TestPredictions?
  /// Whether it has come to its end; a run that goes on, or was stopped, has not.
  public var isFinished = true
  /// Processes that shared each update.
  public var ranks: Int?
  /// Whether ``ranks`` was guessed from a file's name.
  public var ranksAreGuessed = false
  /// What a reader has to know about these numbers.
  public var notes: [String] = []

  public init(
    label: String, source: Source, network: String?, dataset: String? = nil, kind: BatchKind
  ) {
    self.label = label
    self.source = source
    self.network = network
    self.dataset = dataset
    self.kind = kind
  }

  /// Weight updates so far, for ratios.
  var updates: Double? { epochs.last?.updates.map(Double.init) }

  /// The path that the user gave, or what a program calls it.
  public var origin: String {
    switch source {
    case .directory(let path): path
    case .referenceFiles(let paths): paths.joined(separator: ", ")
    case .program(let name): name
    }
  }
}

/// How a run's batch size goes.
public enum BatchKind: Sendable, Hashable {
  /// The same through the run.
  case fixed(Int?)
  /// Decided on the way by the policy of that name, from a smallest to a largest size.
  case adaptive(policy: String, from: Int?, upTo: Int?)

  public var isAdaptive: Bool {
    if case .adaptive = self { true } else { false }
  }

  /// The only batch size of a fixed one.
  public var fixedSize: Int? {
    if case .fixed(let size) = self { size } else { nil }
  }
}
