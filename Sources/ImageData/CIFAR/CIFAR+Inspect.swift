import Foundation

extension CIFAR {
  /// Reads every file and label, and tells of each instead of stopping at the first fault.
  ///
  /// - Parameters:
  ///   - path, places: as for ``load(_:from:orSearching:)``.
  ///   - comparing: whether bytes are compared with the official ones, which costs half a second
  ///     and needs the system's md5sum. Of an archive only the whole is.
  /// - Throws: ``DataError`` where there is nothing to read, or an archive is damaged.
  public static func inspect(
    _ variant: Variant, from path: String? = nil,
    orSearching places: [String] = DataFolders.searched(), comparing: Bool = true
  ) throws(DataError) -> DatasetInspection {
    try Layout(variant).inspect(from: path, orSearching: places, comparing: comparing)
  }
}

extension CIFAR.Layout {
  /// See ``CIFAR/inspect(_:from:orSearching:comparing:)``.
  package func inspect(
    from path: String?, orSearching places: [String] = [], comparing: Bool = true
  ) throws(DataError) -> DatasetInspection {
    // Missing, it is no fault of the files'.
    if comparing { _ = try Checksum.program(environment) }
    switch try place(at: path, orIn: places) {
    case .archive(let path):
      let isOfficial = comparing ? try md5(path) == archive.md5 : nil
      let files = try files(inArchive: path).map { Result<File, DataError>.success($0) }
      return inspect(files, path, isOfficial, comparing: false)
    case .folder(let folder):
      let files = fileNames.map { name in
        Result { () throws(DataError) in try file(name, in: folder) }
      }
      return inspect(files, folder, nil, comparing: comparing)
    }
  }

  /// - Parameter isOfficial: of the archive, where there is one.
  private func inspect(
    _ opened: [Result<File, DataError>], _ path: String, _ isOfficial: Bool?, comparing: Bool
  ) -> DatasetInspection {
    let contents = opened.map { file in
      Result { () throws(DataError) in try self.contents(of: file.get(), comparing: comparing) }
    }
    let files = zip(fileNames, contents).map { name, contents in
      DatasetInspection.File(name: name, contents: try? contents.get(), fault: contents.fault)
    }
    let dataset = Result { () throws(DataError) in
      try self.dataset(of: opened.map { file throws(DataError) in try file.get() }, source: path)
    }
    let faults = files.compactMap(\.fault)
    let compared = files.compactMap { $0.contents?.isOfficial }
    return DatasetInspection(
      name: name, path: path, files: files,
      faults: faults.isEmpty ? [dataset.fault].compactMap(\.self) : faults,
      dataset: try? dataset.get(),
      isOfficial: compared.count == files.count ? !compared.contains(false) : isOfficial)
  }

  private func contents(
    of file: File, comparing: Bool
  ) throws(DataError) -> DatasetInspection.Contents {
    var lowest = labels.map { _ in Int.max }
    var highest = labels.map { _ in Int.min }
    try readLabels(of: file) { labels in
      for (field, label) in labels.enumerated() {
        lowest[field] = min(lowest[field], Int(label))
        highest[field] = max(highest[field], Int(label))
      }
    }
    return .init(
      byteCount: file.bytes.buffer.count, imageCount: file.bytes.buffer.count / recordBytes,
      labels: labels.indices.map {
        .init(name: labels[$0].name, smallest: lowest[$0], largest: highest[$0])
      },
      isOfficial: comparing ? try md5(file.path) == archive.fileMD5[file.fileName] : nil)
  }

  private var environment: [String: String] { ProcessInfo.processInfo.environment }

  private func md5(_ path: String) throws(DataError) -> String {
    try Checksum.md5(of: path, environment: environment)
  }
}

extension Result {
  fileprivate var fault: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
