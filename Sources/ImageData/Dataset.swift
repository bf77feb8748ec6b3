import RunRecords

/// Images to train on and to test with.
public struct Dataset: Sendable {
  /// As people write it: "CIFAR-10".
  public let name: String
  /// In the order of the labels.
  public let classNames: [String]
  public let training: LabelledImages
  public let test: LabelledImages
  public let normalization: Normalization
  /// Where the images came from: a folder, or how they were made.
  public let source: String
  /// The files that the images were read from, as they were then; none for images made up.
  public let files: [DataFingerprint.File]

  /// - Throws: ``DataError`` with code `badImages` when one network could not take both parts.
  public init(
    name: String, classNames: [String], training: LabelledImages, test: LabelledImages,
    normalization: Normalization, source: String, files: [DataFingerprint.File] = []
  ) throws(DataError) {
    try Self.check(name, classNames, training, test, normalization)
    self.init(
      made: name, classNames: classNames, training: training, test: test,
      normalization: normalization, source: source, files: files)
  }

  /// A data set of this room's own making, which fits together.
  init(
    made name: String, classNames: [String], training: LabelledImages, test: LabelledImages,
    normalization: Normalization, source: String, files: [DataFingerprint.File] = []
  ) {
    self.name = name
    self.classNames = classNames
    self.training = training
    self.test = test
    self.normalization = normalization
    self.source = source
    self.files = files
  }

  private static func check(
    _ name: String, _ classNames: [String], _ training: LabelledImages, _ test: LabelledImages,
    _ normalization: Normalization
  ) throws(DataError) {
    func require(_ holds: Bool, _ problem: String, _ fix: String) throws(DataError) {
      if !holds { throw DataError(.badImages, name, problem, fix: fix) }
    }
    try require(
      training.imageCount > 0 && test.imageCount > 0,
      "\(training.imageCount) training and \(test.imageCount) test images",
      "give at least one of each")
    try require(
      training.shape == test.shape,
      "training images are \(training.shape), test images \(test.shape)",
      "give both the same channels, height and width")
    try require(
      classNames.count == training.classCount && classNames.count == test.classCount,
      "\(classNames.count) class names for \(training.classCount) classes in training"
        + " and \(test.classCount) in the test", "name every class, the same ones in both")
    try require(
      normalization.mean.count == training.channels
        && normalization.deviation.count == training.channels,
      "a normalization of \(normalization.mean.count) channels for \(training.channels)",
      "give one mean and one deviation for each channel")
  }
}

extension LabelledImages {
  fileprivate var shape: [Int] { [channels, height, width] }
}
