import RunRecords

/// Images of the user's own: a folder of NumPy arrays, which are mapped and not copied.
///
/// `pack` makes it of photographs; so does any program that can write arrays:
///
/// | file | holds |
/// |---|---|
/// | `train-images.npy`, `test-images.npy` | `[N, C, H, W]`, one byte each (`uint8`) |
/// | `train-labels.npy`, `test-labels.npy` | `[N]`, whole numbers from 0 |
/// | `dataset.json` | `classes`: a name for each label; may have `name`, and `mean` and `deviation` of each channel |
///
/// All of it is checked before any is used, every label too. Nothing in the files is executed.
///
/// > Source: numpy.org, `numpy.lib.format`.
public struct PackedImages: Sendable {
  public let folder: String
  let description: PackedDescription
  let training: Part
  let test: Part

  /// Opens the data set in `folder`.
  ///
  /// - Throws: ``DataError`` for what is missing, damaged, or does not belong together.
  public init(in folder: String) throws(DataError) {
    self.folder = folder
    description = try PackedDescription(in: folder)
    training = try Part("train", in: folder, classes: description.classes.count)
    test = try Part("test", in: folder, classes: description.classes.count)
    guard training.shape == test.shape else {
      throw DataError(
        .badImages, test.imagesPath,
        "its images are \(inWords(test.shape)), and those to train on \(inWords(training.shape))",
        fix: "give both the same channels, height and width")
    }
  }

  /// What is known of the images without a look at their pixels.
  public var outline: DatasetOutline {
    DatasetOutline(
      name: name, classCount: description.classes.count, trainingCount: training.labels.count,
      testCount: test.labels.count, imageDimensions: training.shape)
  }

  /// The images, normalised as the description says, else by the pixels of those to train on.
  ///
  /// - Throws: ``DataError``.
  /// - Complexity: O(bytes) where the description has no mean, else O(images).
  public func dataset() throws(DataError) -> Dataset {
    let fingerprints = Self.allFileNames.compactMap { DataFingerprint.File(of: folder + "/" + $0) }
    let images = training.images(classes: description.classes.count)
    return try Dataset(
      name: name, classNames: description.classes, training: images,
      test: test.images(classes: description.classes.count),
      normalization: try normalization(of: images), source: folder, files: fingerprints)
  }

  private func normalization(of images: LabelledImages) throws(DataError) -> Normalization {
    if let given = try description.normalization(channels: images.channels, in: folder) {
      return given
    }
    return Normalization(images.channelStatistics())
  }

  private var name: String {
    description.name ?? lastName(of: folder).map(printable) ?? "images"
  }

  /// Images before labels, training before test.
  static let allFileNames =
    ["train", "test"].flatMap { [Part.imagesName($0), Part.labelsName($0)] }
    + [PackedDescription.fileName]
}

extension Normalization {
  /// By the images' own mean and deviation; a channel of one colour is not divided.
  init(_ statistics: ChannelStatistics) {
    self.init(
      mean: statistics.mean.map(Float.init),
      deviation: statistics.deviation.map { $0 > 1e-5 ? Float($0) : 1 })
  }
}

/// `3 × 32 × 32`.
func inWords(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
