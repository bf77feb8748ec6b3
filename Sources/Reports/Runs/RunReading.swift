import RunRecords

/// Runs that were read, and what could not be.
public struct RunReading: Sendable {
  public var runs: [ReportRun] = []
  public var faults: [RunFault] = []

  /// Reads directories of runs and files of the reference's scripts; what cannot be read becomes a
  /// fault, and the others are read all the same.
  ///
  /// Files of one experiment's ranks, told by `rank0`, `rank1`, … in their names, become one run.
  /// Labels are made so that they differ.
  public init(_ paths: [String]) {
    var known: Set<String> = []
    let paths = paths.filter { known.insert($0).inserted }
    let files = paths.filter { $0.hasSuffix(".npz") && !isFolder($0) }
    for path in paths where !files.contains(path) { readDirectory(path) }
    readFiles(files)
    runs.makeLabelsDiffer()
  }

  private mutating func readDirectory(_ path: String) {
    do {
      let (run, faults) = try ReportRun.read(directory: path)
      runs.append(run)
      self.faults += faults
    } catch {
      faults.append(RunFault(error, path))
    }
  }

  private mutating func readFiles(_ paths: [String]) {
    var files: [ReferenceFile] = []
    for path in paths {
      do throws(FileError) {
        files.append(try ReferenceFile(reading: path))
      } catch {
        faults.append(RunFault(error, path))
      }
    }
    runs += ReferenceRun.grouped(files).map(ReportRun.init)
  }
}

/// Something of a run that cannot be read: what, why, and what to do about it.
public struct RunFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// Whether there is nothing, rather than something wrong.
  public let isMissing: Bool
  /// The path that was given.
  public let path: String
  public let description: String

  init(_ error: any Error, _ path: String) {
    switch error {
    case let error as RunDirectoryError: isMissing = error.code == .notARun
    case let error as FileError: isMissing = error.code == .missing
    default: isMissing = false
    }
    self.path = path
    description = "\(error)"
  }

  /// The fault and its remedy in one line.
  public var line: String {
    description.replacing("\n  fix: ", with: "; ")
  }
}
