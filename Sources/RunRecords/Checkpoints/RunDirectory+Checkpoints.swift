import Foundation

extension RunDirectory {
  /// Writes a checkpoint, reads it back, and only then removes all but the newest `count`.
  ///
  /// - Parameters:
  ///   - count: checkpoints to keep, this one among them.
  ///   - manifest: what goes with the tensors, which are on the disk when it is asked for.
  /// - Returns: the checkpoint's number.
  /// - Throws: ``FileError``. The checkpoints before are untouched then.
  @discardableResult
  public func save(
    _ tensors: Safetensors, keeping count: Int,
    _ manifest: (CheckpointManifest.Content) -> CheckpointManifest
  ) throws(FileError) -> Int {
    let folder = CheckpointFolder(run: self)
    try attempt("make the folder", folder.path) { () throws(SystemFault) in
      try makeFolder(folder.path, on: files)
    }
    let number = try folder.nextNumber()
    let manifest = manifest(try tensors.write(to: folder.tensorsPath(number), on: files))
    let path = folder.manifestPath(number)
    try writeAtomically(try encoding(path) { try manifest.encoded() }, to: path, on: files)
    guard try folder.manifest(number) == manifest else { throw folder.changedOnTheWay(number) }
    try folder.checkTensors(number, manifest.tensors)
    try folder.prune(keeping: max(1, count))
    return number
  }

  /// The newest checkpoint that is whole, and why newer ones are not.
  ///
  /// - Throws: ``FileError`` where there are checkpoints and none can be used, or one that a newer
  ///   version of this program has written.
  public func newestCheckpoint() throws(FileError) -> CheckpointSearch {
    let folder = CheckpointFolder(run: self)
    var damages: [FileError] = []
    for number in try folder.numbers() {
      do throws(FileError) {
        let manifest = try folder.manifest(number)
        try checkRecords(manifest.records, of: folder.manifestPath(number))
        return CheckpointSearch(
          found: Checkpoint(
            number: number, path: folder.manifestPath(number), manifest: manifest,
            tensors: try folder.tensors(number, manifest.tensors)),
          damages: damages)
      } catch {
        guard error.isDamage else { throw error }
        damages.append(error)
      }
    }
    if let newest = damages.first { throw folder.nothingLeft(newest, damages.count) }
    return CheckpointSearch(found: nil, damages: [])
  }

  /// Puts the checkpoints aside that are newer than the one to go on from, because they are
  /// damaged; without one, all.
  public func setAsideCheckpoints(after checkpoint: Checkpoint?) throws(FileError) {
    let folder = CheckpointFolder(run: self)
    for number in try folder.numbers() where number > checkpoint?.number ?? 0 {
      try folder.setAside(number)
    }
  }
}

extension CheckpointFolder {
  /// - Throws: ``FileError`` with code `invalid` for a manifest that is damaged, and with
  ///   `unsupported` for a newer version's.
  func manifest(_ number: Int) throws(FileError) -> CheckpointManifest {
    let path = manifestPath(number)
    let bytes = Array(try readFile(path, on: files))
    do throws(CheckpointManifest.Fault) {
      return try CheckpointManifest(decoding: bytes)
    } catch {
      switch error {
      case .damaged(let reason): throw unusable(path, reason)
      case .newerFormat(let format): throw unsupported(path, format)
      }
    }
  }

  private func unsupported(_ path: String, _ format: Int) -> FileError {
    FileError(
      code: .unsupported, path: path, operation: "go on from",
      reason: "it is of format \(format), and this version reads up to"
        + " \(CheckpointManifest.newestFormat)",
      fix: "go on with the version of adabatch that wrote it, or start over with --fresh")
  }

  /// The tensors beside a manifest, whole as it says.
  func tensors(
    _ number: Int, _ content: CheckpointManifest.Content
  ) throws(FileError) -> Safetensors {
    try checkTensors(number, content)
    return try Safetensors.read(from: tensorsPath(number), on: files)
  }

  func checkTensors(
    _ number: Int, _ content: CheckpointManifest.Content
  ) throws(FileError) {
    let path = tensorsPath(number)
    let file = try InputFile(opening: path, on: files)
    guard file.size == content.bytes else {
      throw unusable(path, "it has \(file.size) bytes, and had \(content.bytes)")
    }
    var found = CheckpointManifest.Content()
    while found.bytes < file.size {
      // In pieces: a checkpoint may be as large as what is left of memory.
      let count = min(1 << 20, file.size - found.bytes)
      try file.read(count, of: UInt8.self, at: found.bytes).withUnsafeBytes { found.add($0) }
    }
    guard found == content else { throw unusable(path, "its checksum does not match") }
  }

  func changedOnTheWay(_ number: Int) -> FileError {
    unusable(manifestPath(number), "it is not read back as it was written")
  }

  func nothingLeft(_ newest: FileError, _ count: Int) -> FileError {
    FileError(
      code: .invalid, path: newest.path, operation: "go on from",
      reason: newest.reason + (count > 1 ? ", and no older checkpoint is whole" : ""),
      fix: "restore \(path) from a copy, or start over with --fresh")
  }

  private func unusable(_ path: String, _ reason: String) -> FileError {
    FileError(
      code: .invalid, path: path, operation: "go on from", reason: reason,
      fix: "check the disk and the memory")
  }
}

extension FileError {
  /// Whether an older file may still be good.
  fileprivate var isDamage: Bool { [.invalid, .missing, .inputOutput].contains(code) }
}
