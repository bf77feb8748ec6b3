import Foundation

extension RunDirectory {
  /// Whether a directory has any file of a run's, whole or not.
  public static func holdsRun(at path: String) -> Bool {
    RunDirectory(path: path, on: SystemFiles()).runFile != nil
  }

  private var runFile: String? {
    [
      Self.settingsFile, Self.epochsFile, Self.tableFile, Self.numbersFile, Self.decisionsFile,
      Self.modelFile, Self.bestFile, Self.startsFile, Self.checkpointFolder,
    ].first { exists(file($0), on: files) }
  }

  func createDirectory() throws(RunDirectoryError) {
    do throws(SystemFault) {
      try makeFolder(path, on: files)
    } catch {
      throw error.number == ENOTDIR ? notADirectory : notWritable(error.number)
    }
  }

  /// Refuses a directory that has any file of a run's, whole or not.
  package func refuseAnotherRun() throws(RunDirectoryError) {
    guard let name = runFile else { return }
    throw RunDirectoryError(
      code: .holdsAnotherRun, path: path, problem: "holds another run: \(name) is there",
      fix: "name a directory that is new or empty")
  }

  /// Tries to create a file, because permissions alone do not tell: root passes them, and a file
  /// system may be read-only.
  func probe() throws(RunDirectoryError) {
    let probe = file(".probe")
    do throws(SystemFault) {
      try files.close(try files.open(probe, flags: O_CREAT | O_WRONLY))
      try files.remove(probe)
    } catch {
      throw notWritable(error.number)
    }
  }

  private var notADirectory: RunDirectoryError {
    RunDirectoryError(
      code: .notADirectory, path: path, problem: "is a file, or lies below one",
      fix: "name a directory that is new or empty")
  }

  private func notWritable(_ number: Int32) -> RunDirectoryError {
    RunDirectoryError(
      code: .notWritable, path: path,
      problem: "cannot be written to: \(String(cString: strerror(number)))",
      fix: "name a directory on a disk that has room and that you may write to")
  }
}
