import Foundation

extension RunDirectory {
  /// Whether a directory has any file of a run's, whole or not.
  public static func holdsRun(at path: String) -> Bool {
    RunDirectory(path: path).runFile != nil
  }

  private var runFile: String? {
    [
      Self.settingsFile, Self.epochsFile, Self.tableFile, Self.numbersFile, Self.decisionsFile,
      Self.modelFile, Self.bestFile, Self.startsFile, Self.checkpointFolder,
    ].first { exists(file($0)) }
  }

  func createDirectory() throws(RunDirectoryError) {
    switch makeFolder(path) {
    case 0: return
    case ENOTDIR: throw notADirectory
    case let number: throw notWritable(number)
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
    let descriptor = open(probe, O_CREAT | O_WRONLY | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw notWritable(errno) }
    close(descriptor)
    guard unlink(probe) == 0 else { throw notWritable(errno) }
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
