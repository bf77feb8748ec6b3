extension RunDirectory {
  /// The settings that a run goes on with, and the file that has them: the newest checkpoint whose
  /// manifest can be read, else `run.yaml`.
  ///
  /// - Throws: ``FileError`` where neither can be read.
  public func newestSettings() throws(FileError) -> (settings: TrainingSettings, path: String) {
    let folder = CheckpointFolder(run: self)
    for number in try folder.numbers() {
      if let manifest = try? folder.manifest(number) {
        return (manifest.settings, folder.manifestPath(number))
      }
    }
    return (try settings().settings, file(Self.settingsFile))
  }
}
