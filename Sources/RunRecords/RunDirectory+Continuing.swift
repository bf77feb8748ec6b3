import Foundation

// The records that grow while a run goes on, and how they follow it back to a checkpoint.
extension RunDirectory {
  private static let growingFiles = [epochsFile, tableFile, decisionsFile, shadowsFile]

  /// The sizes in bytes of the records that grow, by their names: what a checkpoint remembers.
  public func recordLengths() throws(FileError) -> [String: Int] {
    var lengths: [String: Int] = [:]
    for name in try growingRecords() { lengths[name] = try size(of: name) }
    return lengths
  }

  /// Takes away what was recorded after a checkpoint: it is recorded again when it happens again.
  ///
  /// - Parameter lengths: of the checkpoint; none for the beginning of the run.
  public func cutRecords(to lengths: [String: Int]) throws(FileError) {
    for name in try growingRecords() {
      guard let length = lengths[name] else {
        try remove(file(name), on: files)
        continue
      }
      if try size(of: name) > length { try cutFile(file(name), to: length, on: files) }
    }
    // Made anew from the epochs, and at the end.
    for name in [Self.numbersFile, Self.predictionsFile, Self.modelFile]
    where exists(file(name), on: files) {
      try remove(file(name), on: files)
    }
  }

  /// - Throws: ``FileError`` with code `invalid` where a record has become shorter than it was.
  func checkRecords(_ lengths: [String: Int], of checkpoint: String) throws(FileError) {
    // Others are made again from these, or show the same.
    let needed = lengths.filter { [Self.epochsFile, Self.decisionsFile].contains($0.key) }
    for (name, length) in needed.sorted(by: { $0.key < $1.key }) {
      let size = exists(file(name), on: files) ? try size(of: name) : 0
      guard size < length else { continue }
      throw FileError(
        code: .invalid, path: checkpoint, operation: "go on from",
        reason: "\(name) has \(size) bytes, and had \(length)",
        fix: "restore \(file(name)) from a copy")
    }
  }

  private func growingRecords() throws(FileError) -> [String] {
    try fileNames().filter { Self.growingFiles.contains($0) || EventFile.isName($0) }
  }

  func fileNames() throws(FileError) -> [String] {
    try attempt("list", path) { () throws(SystemFault) in try files.names(in: path) }.sorted()
  }

  private func size(of name: String) throws(FileError) -> Int {
    try InputFile(opening: file(name), on: files).size
  }
}
