extension CIFAR.Layout {
  /// One mapped file whose size is right.
  struct File {
    let path: String
    let bytes: FixedBytes
  }

  /// Maps the files of one kind.
  func files(_ group: FileGroup, in folder: String) throws(DataError) -> [File] {
    var files: [File] = []
    for name in group.names {
      let path = folder + "/" + name
      let file = File(path: path, bytes: try FixedBytes(mapping: path, fix: unpackAgain))
      try checkSize(file, records: group.recordsPerFile)
      files.append(file)
    }
    return files
  }

  private func checkSize(_ file: File, records: Int) throws(DataError) {
    let (found, needed) = (file.bytes.buffer.count, records * recordBytes)
    guard found != needed else { return }
    var problem = "\(grouped(found)) bytes, but this file of \(name) has \(grouped(needed))"
    problem += " (\(grouped(records)) records of \(grouped(recordBytes)))"
    if let owner = CIFAR.Layout.fileWithSize(found) {
      throw DataError(.wrongSize, file.path, problem + "; \(owner) has that size", fix: unpackAgain)
    }
    throw DataError(.wrongSize, file.path, problem, fix: unpackAgain)
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

  /// Makes images of checked files: every label is read, and must be a class.
  func images(_ files: [File]) throws(DataError) -> LabelledImages {
    var labels: [Int32] = []
    for file in files {
      for start in stride(from: 0, to: file.bytes.buffer.count, by: recordBytes) {
        for (place, field) in self.labels.enumerated() {
          let label = Int(file.bytes.buffer[start + place])
          guard label < field.count else { throw badLabel(label, field, file, start + place) }
        }
        labels.append(Int32(file.bytes.buffer[start + self.labels.count - 1]))
      }
    }
    return LabelledImages(
      shape: CIFAR.Layout.shape, classCount: classNames.count, labels: labels,
      shards: files.map { .init(bytes: $0.bytes, offset: self.labels.count, stride: recordBytes) })
  }

  private func badLabel(_ label: Int, _ field: LabelField, _ file: File, _ byte: Int) -> DataError {
    DataError(
      .badLabel, file.path,
      "record \(grouped(byte / recordBytes)) (byte \(grouped(byte))) has \(field.name) \(label), "
        + "but \(name)'s are 0 to \(field.count - 1)",
      fix: "the file is damaged or not \(name)'s: \(unpackAgain)")
  }
}
