import Foundation
import Yams

extension RunDirectory {
  /// The epochs written so far.
  ///
  /// - Throws: ``FileError`` with code `invalid`, naming the line, where one is damaged. A last
  ///   line that was cut off is no fault; see ``JSONLines/tornLine``. No file yet is no epochs.
  public func epochs() throws(FileError) -> JSONLines<EpochRecord> {
    try lines(of: Self.epochsFile)
  }

  /// The decisions written so far; throws as ``epochs()``.
  public func decisions() throws(FileError) -> JSONLines<DecisionRecord> {
    try lines(of: Self.decisionsFile)
  }

  /// What policies that only watched would have decided; throws as ``epochs()``.
  public func shadows() throws(FileError) -> JSONLines<DecisionRecord> {
    try lines(of: Self.shadowsFile)
  }

  /// The starts of the run, the first one among them; throws as ``epochs()``.
  public func starts() throws(FileError) -> JSONLines<StartRecord> {
    try lines(of: Self.startsFile)
  }

  /// What is in `run.yaml`.
  ///
  /// - Throws: ``FileError`` with code `invalid` where that is not the settings of a run.
  public func settings() throws(FileError) -> RunSettings {
    let path = file(Self.settingsFile)
    let text = try readFile(path, on: files)
    do {
      return try YAMLDecoder().decode(RunSettings.self, from: text)
    } catch {
      throw FileError(
        code: .invalid, path: path, operation: "read",
        reason: decodingReason(error, format: "YAML"),
        fix: "restore the file from a copy; adabatch wrote it when the run began")
    }
  }

  private func lines<Record: Decodable & Sendable>(
    of name: String
  ) throws(FileError) -> JSONLines<Record> {
    let path = file(name)
    guard exists(path, on: files) else { return JSONLines(records: [], tornLine: nil) }
    return try JSONLines(readingFrom: path, on: files)
  }
}
