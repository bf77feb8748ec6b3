import Foundation

extension CIFAR.Layout {
  /// Refuses two files with the same bytes: one of them was copied over the other.
  func refuseCopies(among files: [File]) throws(DataError) {
    for (place, file) in files.enumerated() {
      for earlier in files[..<place] where file.hasBytes(of: earlier) {
        throw DataError(
          .duplicateFile, file.path, "the same bytes as \(earlier.fileName)",
          fix: "one of the two is a copy in the wrong place: \(unpackAgain)")
      }
    }
  }

  /// Refuses a test batch that changed places with one of the training batches.
  ///
  /// Sizes cannot tell CIFAR-10's batches apart, but classes can: its test batch has exactly
  /// 1,000 images of each, no training batch has, and together they have equally many. Data of
  /// other counts are somebody's own and pass.
  func refuseSwap(
    _ training: [File], _ trainingImages: LabelledImages, _ test: [File],
    _ testImages: LabelledImages
  ) throws(DataError) {
    let all = trainingImages.labels + testImages.labels
    guard isEven(all[...]), !isEven(testImages.labels[...]) else { return }
    for (place, file) in training.enumerated() {
      let first = place * self.training.recordsPerFile
      let labels = trainingImages.labels[first..<first + self.training.recordsPerFile]
      if isEven(labels) { throw swapped(file, test[0]) }
    }
  }

  /// Whether every class occurs equally often.
  private func isEven(_ labels: ArraySlice<Int32>) -> Bool {
    var counts = Array(repeating: 0, count: classNames.count)
    for label in labels { counts[Int(label)] += 1 }
    return counts.allSatisfy { $0 == counts[0] }
  }

  private func swapped(_ training: File, _ test: File) -> DataError {
    let perClass = grouped(test.bytes.buffer.count / recordBytes / classNames.count)
    return DataError(
      .swappedFiles, test.path,
      "holds training images: \(training.fileName) has the test batch's \(perClass) "
        + "images of each class, this file has not",
      fix: "exchange the names of the two files, or \(unpackAgain)")
  }
}

extension CIFAR.Layout.File {
  var fileName: String { String(path.split(separator: "/").last ?? "") }

  func hasBytes(of other: Self) -> Bool {
    guard let mine = bytes.buffer.baseAddress, let theirs = other.bytes.buffer.baseAddress else {
      return false
    }
    return bytes.buffer.count == other.bytes.buffer.count
      && memcmp(mine, theirs, bytes.buffer.count) == 0
  }
}
