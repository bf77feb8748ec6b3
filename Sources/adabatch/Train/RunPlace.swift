import AdaBatch

/// The directory of a run that is to be trained, from before it is known to be trained at all.
struct RunPlace {
  let path: String
  /// The run that is there; nil for none.
  let past: PastRun?
  private let lock: FolderLock?

  /// Looks at the directory, and keeps other processes out of one that holds a run.
  ///
  /// - Throws: `RunDirectoryError` for a directory in use, or with no run where one must be;
  ///   `FileError` for a run that cannot be gone on with.
  init(_ path: String, mustExist: Bool) throws {
    self.path = path
    guard mustExist || exists(RunDirectory.file(RunDirectory.settingsFile, in: path)) else {
      (past, lock) = (nil, nil)
      return
    }
    let directory = try RunDirectory(opening: path)
    lock = try directory.lock()
    past = try PastRun(opening: directory)
  }

  /// What is different from the settings that a run there was begun with.
  func changes(to settings: TrainingSettings) throws -> [TrainingSettings.Change] {
    try past?.changes(to: settings) ?? []
  }

  /// Whether a run with these settings has nothing left to do.
  func isFinished(with settings: TrainingSettings) throws -> Bool {
    try past?.isFinished == true && changes(to: settings).isEmpty
  }

  /// The directory, made where there was none, and the lock that keeps others out.
  func taken() throws -> (RunDirectory, FolderLock) {
    if let past, let lock { return (past.directory, lock) }
    let directory = try RunDirectory(creatingAt: path)
    let lock = try directory.lock()
    // Another process may have been faster between the two.
    try directory.refuseAnotherRun()
    return (directory, lock)
  }
}
