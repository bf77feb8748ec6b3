extension CIFAR.Layout {
  /// One file whose size is right, mapped or read from an archive.
  struct File {
    let path: String
    let bytes: FixedBytes
  }

  /// Opens all files, training before test.
  func files(at place: Place) throws(DataError) -> [File] {
    switch place {
    case .archive(let path): return try files(inArchive: path)
    case .folder(let folder):
      var files: [File] = []
      for name in fileNames { files.append(try file(name, in: folder)) }
      return files
    }
  }

  /// Maps one file.
  func file(_ name: String, in folder: String) throws(DataError) -> File {
    let path = folder + "/" + name
    let file = File(path: path, bytes: try FixedBytes(mapping: path, fix: unpackAgain))
    try checkSize(file.bytes.buffer.count, of: name, path)
    return file
  }

  /// Refuses a file called `name` that has other than its number of bytes.
  func checkSize(_ found: Int, of fileName: String, _ path: String) throws(DataError) {
    let records = recordCount(of: fileName)
    let needed = records * recordBytes
    guard found != needed else { return }
    var problem = "\(grouped(found)) bytes, but this file of \(name) has \(grouped(needed))"
    problem += " (\(grouped(records)) records of \(grouped(recordBytes)))"
    if let owner = CIFAR.Layout.fileWithSize(found) {
      throw DataError(.wrongSize, path, problem + "; \(owner) has that size", fix: unpackAgain)
    }
    throw DataError(.wrongSize, path, problem, fix: unpackAgain)
  }

  /// Names the official file that has exactly `bytes` bytes.
  private static func fileWithSize(_ bytes: Int) -> String? {
    for layout in all {
      for group in [layout.training, layout.test]
      where group.recordsPerFile * layout.recordBytes == bytes {
        return "\(layout.name)'s \(group.names[0])"
      }
    }
    return nil
  }

  /// Makes images of files: every label is read, and must be a class.
  func images(_ files: [File]) throws(DataError) -> LabelledImages {
    var labels: [Int32] = []
    for file in files {
      try readLabels(of: file) { labels.append(Int32($0[self.labels.count - 1])) }
    }
    return LabelledImages(
      shape: CIFAR.Layout.shape, classCount: classNames.count, labels: labels,
      shards: files.map { .init(bytes: $0.bytes, offset: self.labels.count, stride: recordBytes) })
  }

  /// Calls `body` with the labels of each record, which are in range.
  func readLabels(
    of file: File, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(DataError) {
    for start in stride(from: 0, to: file.bytes.buffer.count, by: recordBytes) {
      for (place, field) in labels.enumerated() {
        let label = Int(file.bytes.buffer[start + place])
        guard label < field.count else { throw badLabel(label, field, file, start + place) }
      }
      body(UnsafeRawBufferPointer(rebasing: file.bytes.buffer[start..<start + labels.count]))
    }
  }

  private func badLabel(_ label: Int, _ field: LabelField, _ file: File, _ byte: Int) -> DataError {
    DataError(
      .badLabel, file.path,
      "record \(grouped(byte / recordBytes)) (byte \(grouped(byte))) has \(field.name) \(label), "
        + "but \(name)'s are 0 to \(field.count - 1)",
      fix: "the file is damaged or not \(name)'s: \(unpackAgain)")
  }
}
