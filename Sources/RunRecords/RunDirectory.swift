import Foundation

/// A run as a directory that others can read, while it is being written and after.
///
/// ```
/// run.yaml           settings as resolved, versions, machine      RunSettings
/// epochs.jsonl       one line per epoch                           EpochRecord
/// decisions.jsonl    one line per decision of the policy          DecisionRecord
/// model.safetensors  the final weights                            Safetensors
/// ```
///
/// A line is on the disk when its call returns, and other files appear as a whole: a kill loses at
/// most the line that was being written.
public struct RunDirectory: Sendable, Equatable {
  public static let settingsFile = "run.yaml"
  public static let epochsFile = "epochs.jsonl"
  public static let decisionsFile = "decisions.jsonl"
  public static let modelFile = "model.safetensors"

  /// The directory, as it was given.
  public let path: String

  /// Makes ready for a new run: creates the directory, and those above it, where they are missing.
  ///
  /// - Throws: ``RunDirectoryError`` with code `holdsAnotherRun`, `notADirectory` or `notWritable`.
  public init(creatingAt path: String) throws(RunDirectoryError) {
    self.path = path
    try createDirectory(path)
    try refuseAnotherRun()
    try probe()
  }

  /// Opens the directory of a run, finished or under way, for reading.
  ///
  /// - Throws: ``RunDirectoryError`` with code `notARun` where no run has written its settings.
  public init(opening path: String) throws(RunDirectoryError) {
    self.path = path
    guard exists(file(Self.settingsFile)) else {
      throw RunDirectoryError(
        code: .notARun, path: path, problem: "holds no run: there is no \(Self.settingsFile)",
        fix: "name the directory that was given to the run")
    }
  }

  /// The path of one of the run's files.
  public func file(_ name: String) -> String {
    path.hasSuffix("/") ? path + name : "\(path)/\(name)"
  }
}

extension RunDirectory {
  /// Writes `run.yaml`.
  public func write(_ settings: RunSettings) throws(FileError) {
    let path = file(Self.settingsFile)
    let text = try encoding(path) { try settings.yaml() }
    try writeAtomically(text.utf8, to: path)
  }

  /// Writes `model.safetensors`.
  public func write(_ model: Safetensors) throws(FileError) {
    try model.write(to: file(Self.modelFile))
  }

  /// Adds a line to `epochs.jsonl`.
  public func append(_ record: EpochRecord) throws(FileError) {
    try append(record, to: file(Self.epochsFile))
  }

  /// Adds a line to `decisions.jsonl`.
  public func append(_ decision: DecisionRecord) throws(FileError) {
    try append(decision, to: file(Self.decisionsFile))
  }

  private func append(_ record: some Encodable, to path: String) throws(FileError) {
    let line = try encoding(path) { Array(try jsonLine(record)) }
    var file = try OutputFile(opening: path, flags: O_CREAT | O_APPEND)
    let size = try file.size()
    do throws(FileError) {
      try file.write(line)
    } catch {
      // A disk that is full may have taken half a line; the next one must not continue it.
      try? file.truncate(to: size)
      throw error
    }
    try file.sync()
    try file.close()
    if size == 0 { try syncFolder(of: path) }  // the file is new
  }

  private func encoding<Text>(
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
