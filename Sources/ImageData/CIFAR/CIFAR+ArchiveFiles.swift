import Foundation

extension CIFAR.Layout {
  /// Reads all files from an archive into memory, checked as the files of a folder are.
  ///
  /// Entries are taken by the names that the official archive gives them, from its folder or from
  /// none; all others are passed over.
  func files(
    inArchive path: String,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(DataError) -> [File] {
    var found: [String: File] = [:]
    var reader = try ArchiveReader(
      path, maximumBytes: 2 * unpackedBytes + 1 << 20, environment: environment)
    while let entry = try reader.next() {
      guard let name = fileNames.first(where: { isName($0, entry.name) }) else { continue }
      let place = path + "/" + entry.name
      try refuse(entry, place, isSecond: found[name] != nil)
      try checkSize(entry.contentBytes, of: name, place)
      found[name] = File(path: place, bytes: try reader.content(of: entry))
    }
    return try allFiles(of: found, path)
  }

  /// The bytes of all files together.
  var unpackedBytes: Int {
    fileNames.reduce(0) { $0 + recordCount(of: $1) * recordBytes }
  }

  private func isName(_ name: String, _ entry: String) -> Bool {
    [name, "./\(name)", "\(folderName)/\(name)", "./\(folderName)/\(name)"].contains(entry)
  }

  private func refuse(_ entry: TarHeader, _ place: String, isSecond: Bool) throws(DataError) {
    let fix = "this is not the official archive: \(getCommand) fetches it"
    if !entry.isRegularFile {
      throw DataError(.wrongKind, place, "not a regular file", fix: fix)
    }
    if isSecond { throw DataError(.badArchive, place, "more than once in the archive", fix: fix) }
  }

  private func allFiles(of found: [String: File], _ path: String) throws(DataError) -> [File] {
    let fix = "it may be another version of the data set: \(getCommand) fetches \(archive.name)"
    if found.isEmpty {
      throw DataError(
        .missingFile, path, "holds none of \(name)'s files (\(filesInWords))", fix: fix)
    }
    var files: [File] = []
    for name in fileNames {
      guard let file = found[name] else {
        throw DataError(.missingFile, path, "holds no \(name)", fix: fix)
      }
      files.append(file)
    }
    return files
  }
}
