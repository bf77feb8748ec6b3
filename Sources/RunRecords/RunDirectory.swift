import Foundation

/// A run as a directory that others can read, while it is being written and after.
///
/// ```
/// run.yaml           settings as resolved, versions, machine      RunSettings
/// epochs.jsonl       one line per epoch                           EpochRecord
/// epochs.csv         the same as a table                          EpochRecord
/// numbers.npz        the same as the reference's scripts save it  ReferenceNumbers
/// events.out.…       the same for TensorBoard                     EventFile
/// decisions.jsonl    one line per decision of the policy          DecisionRecord
/// shadows.jsonl      the same of policies that only watched       DecisionRecord
/// starts.jsonl       one line per start of the run                StartRecord
/// checkpoints/       what to go on from after an interruption     Checkpoint
/// best.safetensors   the weights of the best epoch so far         Safetensors
/// predictions.safetensors  what the final ones make of test images  TestPredictions
/// model.safetensors  the final weights, when the run is finished  Safetensors
/// ```
///
/// A line is on the disk when its call returns, and other files appear as a whole: a kill loses at
/// most the line that was being written. `epochs.jsonl` comes first, so it alone may have an epoch
/// that its other forms lack.
public struct RunDirectory: Sendable, Equatable {
  public static let settingsFile = "run.yaml"
  public static let epochsFile = "epochs.jsonl"
  public static let tableFile = "epochs.csv"
  public static let numbersFile = "numbers.npz"
  public static let decisionsFile = "decisions.jsonl"
  public static let shadowsFile = "shadows.jsonl"
  public static let modelFile = "model.safetensors"
  public static let bestFile = "best.safetensors"
  public static let startsFile = "starts.jsonl"
  public static let checkpointFolder = "checkpoints"

  /// The directory, as it was given.
  public let path: String
  let files: any FileSystem

  init(path: String, on files: any FileSystem) {
    self.path = path
    self.files = files
  }

  public static func == (one: Self, other: Self) -> Bool { one.path == other.path }

  /// Makes ready for a new run: creates the directory, and those above it, where they are missing.
  ///
  /// - Throws: ``RunDirectoryError`` with code `holdsAnotherRun`, `notADirectory` or `notWritable`.
  public init(creatingAt path: String) throws(RunDirectoryError) {
    try self.init(creatingAt: path, on: SystemFiles())
  }

  package init(creatingAt path: String, on files: any FileSystem) throws(RunDirectoryError) {
    self.init(path: path, on: files)
    try createDirectory()
    try refuseAnotherRun()
    try probe()
  }

  /// Opens the directory of a run, finished or under way, for reading.
  ///
  /// - Throws: ``RunDirectoryError`` with code `notARun` where no run has written its settings.
  public init(opening path: String) throws(RunDirectoryError) {
    try self.init(opening: path, on: SystemFiles())
  }

  package init(opening path: String, on files: any FileSystem) throws(RunDirectoryError) {
    self.init(path: path, on: files)
    guard exists(file(Self.settingsFile), on: files) else {
      throw RunDirectoryError(
        code: .notARun, path: path, problem: "holds no run: there is no \(Self.settingsFile)",
        fix: "name the directory that was given to the run")
    }
  }

  /// The path of one of the run's files.
  public func file(_ name: String) -> String { Self.file(name, in: path) }

  package static func file(_ name: String, in path: String) -> String {
    path.hasSuffix("/") ? path + name : "\(path)/\(name)"
  }
}

extension RunDirectory {
  /// Writes `run.yaml`.
  public func write(_ settings: RunSettings) throws(FileError) {
    let path = file(Self.settingsFile)
    let text = try encoding(path) { try settings.yaml() }
    try writeAtomically(text.utf8, to: path, on: files)
  }

  /// Writes `model.safetensors`.
  public func write(_ model: Safetensors) throws(FileError) {
    try model.write(to: file(Self.modelFile), on: files)
  }

  /// Writes `best.safetensors`.
  public func writeBest(_ model: Safetensors) throws(FileError) {
    try model.write(to: file(Self.bestFile), on: files)
  }

  /// Writes `numbers.npz`.
  public func write(_ numbers: ReferenceNumbers) throws(FileError) {
    try writeAtomically(numbers.npz, to: file(Self.numbersFile), on: files)
  }

  /// Adds a line to `epochs.jsonl`, then the same as a row to `epochs.csv`.
  public func append(_ record: EpochRecord) throws(FileError) {
    try append(record, to: file(Self.epochsFile))
    let row = CSVRow(record)
    try appendWhole(row.bytes, to: file(Self.tableFile), withHeader: row.header, on: files)
  }

  /// Writes `epochs.csv` anew, as it was when each of these epochs had been added.
  public func writeTable(_ epochs: [EpochRecord]) throws(FileError) {
    let rows = epochs.map(CSVRow.init)
    let bytes = (rows.first?.header ?? []) + rows.flatMap(\.bytes)
    try writeAtomically(bytes, to: file(Self.tableFile), on: files)
  }

  /// Adds a line to `decisions.jsonl`.
  public func append(_ decision: DecisionRecord) throws(FileError) {
    try append(decision, to: file(Self.decisionsFile))
  }

  /// Adds a line to `shadows.jsonl`: what a policy that only watches would have decided.
  public func append(shadow decision: DecisionRecord) throws(FileError) {
    try append(decision, to: file(Self.shadowsFile))
  }

  /// Adds a line to `starts.jsonl`.
  public func append(_ start: StartRecord) throws(FileError) {
    try append(start, to: file(Self.startsFile))
  }

  private func append(_ record: some Encodable, to path: String) throws(FileError) {
    let line = try encoding(path) { Array(try jsonLine(record)) }
    try appendWhole(line, to: path, on: files)
  }

  func encoding<Text>(
    _ path: String, _ encode: () throws -> Text
  ) throws(FileError) -> Text {
    do {
      return try encode()
    } catch {
      throw FileError(
        code: .invalid, path: path, operation: "write", reason: "\(error)",
        fix: "report this as a fault of adabatch, with this message")
    }
  }
}
