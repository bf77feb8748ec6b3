import RunRecords

extension ReportRun {
  /// Reads a run's directory, finished or not, and what of it is damaged.
  ///
  /// - Throws: `RunDirectoryError` where there is no run, `FileError` where its settings or epochs
  ///   cannot be read. Faults of other files leave only those out.
  static func read(directory path: String) throws -> (run: ReportRun, faults: [RunFault]) {
    let directory = try opened(path)
    let settings = try directory.settings()
    let epochs = try directory.epochs()
    var reader = PartReader(path: path)
    reader.noteTornLine(of: RunDirectory.epochsFile, in: directory, epochs.tornLine)
    var run = ReportRun(directory, settings, epochs.records)
    run.decisions = reader.records(of: RunDirectory.decisionsFile, in: directory) {
      try directory.decisions()
    }
    run.shadows = reader.records(of: RunDirectory.shadowsFile, in: directory) {
      try directory.shadows()
    }
    run.predictions = reader.part { try directory.predictions() } ?? nil
    return (run, reader.faults)
  }

  private static func opened(_ path: String) throws -> RunDirectory {
    if !exists(path) {
      throw FileError(
        code: .missing, path: path, operation: "read", reason: "there is nothing of that name",
        fix: "name the directory that was given to the run with --run, or a .npz file")
    }
    return try RunDirectory(opening: path)
  }

  private init(_ directory: RunDirectory, _ settings: RunSettings, _ records: [EpochRecord]) {
    let chosen = settings.settings
    self.init(
      label: "", source: .directory(directory.path), network: chosen.network,
      dataset: TrainingSettings.shortName(of: chosen.dataset, in: chosen.data),
      kind: BatchKind(chosen, records))
    self.settings = settings
    var seconds = 0.0
    epochs = records.map { record in
      seconds += record.epochSeconds
      return ReportEpoch(record, seconds: seconds)
    }
    times = RunTimes(records)
    bestAccuracy = records.last?.bestAccuracy
    ranks = records.last?.ranks ?? settings.ranks ?? 1
    isFinished = exists(directory.file(RunDirectory.modelFile))
    if !isFinished { notes.append(unfinished(chosen.epochs)) }
    if Set(records.map(\.ranks)).count > 1 {
      notes.append("went on with another number of ranks on the way; the last one is shown")
    }
  }

  private func unfinished(_ planned: Int) -> String {
    "is unfinished: \(epochs.count) of \(planned) epochs, and no final weights yet"
  }
}

extension BatchKind {
  /// What settings say, with the sizes that came to be where the policy decides them.
  init(_ settings: TrainingSettings, _ epochs: [EpochRecord]) {
    if settings.policy == "fixed" {
      self = .fixed(settings.batchSize)
    } else {
      let sizes = epochs.map(\.batchSize) + [settings.batchSize]
      // A limit that was not set, or not known, is no size that anybody trained with.
      let largest = settings.policy == "adabatch" ? settings.maxBatch : sizes.max()
      self = .adaptive(
        policy: settings.policy, from: sizes.min(), upTo: largest ?? sizes.max())
    }
  }
}

/// Reads the parts of a run that a report can do without.
private struct PartReader {
  let path: String
  var faults: [RunFault] = []

  init(path: String) { self.path = path }

  mutating func part<Part>(_ read: () throws -> Part) -> Part? {
    do {
      return try read()
    } catch {
      faults.append(RunFault(error, path))
      return nil
    }
  }

  mutating func records<Record>(
    of name: String, in directory: RunDirectory, _ read: () throws -> JSONLines<Record>
  ) -> [Record] {
    guard let lines = part(read) else { return [] }
    noteTornLine(of: name, in: directory, lines.tornLine)
    return lines.records
  }

  mutating func noteTornLine(of name: String, in directory: RunDirectory, _ line: String?) {
    guard line != nil else { return }
    faults.append(
      RunFault(
        FileError(
          code: .invalid, path: directory.file(name), operation: "read the last line of",
          reason: "it was cut off, and only the lines before it are in the report",
          fix: "adabatch train --resume --run \(path) goes on from the last checkpoint and writes"
            + " the line anew"), path))
  }
}
