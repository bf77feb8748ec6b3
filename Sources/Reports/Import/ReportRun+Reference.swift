import RunRecords

extension ReportRun {
  /// A run of the reference's scripts.
  ///
  /// Curves are those of the first file; seconds are the mean over the files, which are of one rank
  /// each.
  init(_ run: ReferenceRun) {
    let (name, file) = (run.name, run.files[0])
    self.init(
      label: name.shownStem
        + (run.files.count > 1 ? " (\(run.files.count) ranks)" : ""),
      source: .referenceFiles(run.files.map(\.path)),
      network: name.network, dataset: name.dataset, kind: BatchKind(name, file))
    epochs = Self.epochs(of: file)
    times = Self.times(of: run.files)
    bestAccuracy = file.bestAccuracy ?? file.accuracy.max()
    ranksAreGuessed = true
    ranks = run.files.count > 1 ? run.files.count : name.guessedRanks
    if name.dataset == nil { notes.append("does not name its data set, nor does its file") }
    notes += Self.notes(on: file)
  }

  private static func epochs(of file: ReferenceFile) -> [ReportEpoch] {
    let count = max(file.loss.count, file.accuracy.count)
    let sizes = file.batchSizePerEpoch(count)
    return (0..<count).map { index in
      var epoch = ReportEpoch(epoch: index + 1)
      epoch.batchSize = sizes.element(index)
      epoch.learningRate = file.learningRates.element(index)
      epoch.trainLoss = file.loss.element(index)
      epoch.testAccuracy = file.accuracy.element(index)
      return epoch
    }
  }

  private static func times(of files: [ReferenceFile]) -> RunTimes {
    func mean(_ seconds: (ReferenceFile) -> Double?) -> Double? {
      let known = files.compactMap(seconds)
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
    var times = RunTimes()
    times.forward = mean(\.forwardSeconds)
    times.backward = mean(\.backwardSeconds)
    times.batchSwitch = mean(\.switchSeconds)
    times.evaluation = mean(\.testSeconds)
    times.total = mean(\.runningSeconds)
    return times
  }

  private static func notes(on file: ReferenceFile) -> [String] {
    let count = max(file.loss.count, file.accuracy.count)
    guard !file.batchSizes.isEmpty, file.batchSizes.count < count else { return [] }
    return [
      "has \(file.batchSizes.count) batch sizes for \(count) epochs: taken as one per change, at "
        + "equal intervals"
    ]
  }
}

extension ReferenceFile {
  /// The batch size of each epoch: as saved, or, where there are fewer, one for each of so many
  /// equal parts of the run; that is how the scripts change it.
  func batchSizePerEpoch(_ count: Int) -> [Int] {
    guard !batchSizes.isEmpty, batchSizes.count < count else { return batchSizes }
    return (0..<count).map { batchSizes[$0 * batchSizes.count / count] }
  }
}

extension BatchKind {
  /// What a file's name says, with the sizes that are in the file.
  fileprivate init(_ name: ReferenceName, _ file: ReferenceFile) {
    let sizes = file.batchSizes
    if name.saysAdaptive || Set(sizes).count > 1 {
      self = .adaptive(
        policy: "adabatch", from: sizes.min() ?? name.batchSize, upTo: sizes.max())
    } else {
      self = .fixed(sizes.first ?? name.batchSize)
    }
  }
}

extension ReferenceName {
  /// The stem without its rank, and without characters that figures' fonts may lack.
  var shownStem: String {
    let words = stem.replacing(/_?rank[0-9]{1,3}/, with: "")
      .split { !$0.isASCII }.joined(separator: " ")
    return words.isEmpty ? printable(stem) : printable(words)
  }
}

extension Array {
  func element(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
