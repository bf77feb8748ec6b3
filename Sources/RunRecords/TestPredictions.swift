/// What a run's final weights make of each test image: `predictions.safetensors`.
///
/// Tensors: `labels` and `predictions` `[N]`, `losses` `[N]`, `worst` `[K]` (the images with the
/// largest losses, largest first), `worst_images` `[K, C, H, W]` (their bytes). The names of the
/// classes are in the metadata, so that reports need no data set.
public struct TestPredictions: Sendable, Equatable {
  public var classNames: [String]
  /// The class of each test image.
  public var labels: [Int]
  /// The class that is the most likely one for each.
  public var predictions: [Int]
  /// Cross-entropy of each, in nats.
  public var losses: [Float]
  /// The images with the largest losses, largest first.
  public var worst: [Int]
  /// Channels, height and width of an image.
  public var imageShape: [Int]
  /// The bytes of those images, channel by channel, row by row.
  public var worstImages: [UInt8]

  public init(
    classNames: [String], labels: [Int], predictions: [Int], losses: [Float], worst: [Int],
    imageShape: [Int], worstImages: [UInt8]
  ) {
    self.classNames = classNames
    self.labels = labels
    self.predictions = predictions
    self.losses = losses
    self.worst = worst
    self.imageShape = imageShape
    self.worstImages = worstImages
  }
}

extension RunDirectory {
  public static let predictionsFile = "predictions.safetensors"

  /// Writes `predictions.safetensors`.
  public func write(_ predictions: TestPredictions) throws(FileError) {
    let count = predictions.labels.count
    let shape = [predictions.worst.count] + predictions.imageShape
    try Safetensors(
      [
        tensor("labels", [count], predictions.labels),
        tensor("predictions", [count], predictions.predictions),
        SafetensorsTensor(name: "losses", shape: [count], values: .float32(predictions.losses)),
        tensor("worst", [predictions.worst.count], predictions.worst),
        tensor("worst_images", shape, predictions.worstImages.map(Int.init)),
      ], metadata: ["classes": predictions.classNames.joined(separator: ",")]
    ).write(to: file(Self.predictionsFile), on: files)
  }

  /// What the final weights make of the test images; nil where that was not written.
  ///
  /// - Throws: ``FileError`` with code `invalid` for a file that is not one of these.
  public func predictions() throws(FileError) -> TestPredictions? {
    let path = file(Self.predictionsFile)
    guard exists(path, on: files) else { return nil }
    let content = try Safetensors.read(from: path, on: files)
    guard let predictions = TestPredictions(content) else {
      throw FileError(
        code: .invalid, path: path, operation: "read",
        reason: "it does not hold the predictions of a run",
        fix: "delete it: adabatch compare writes it anew from the final weights")
    }
    return predictions
  }

  private func tensor(_ name: String, _ shape: [Int], _ values: [Int]) -> SafetensorsTensor {
    SafetensorsTensor(name: name, shape: shape, values: .int64(values.map(Int64.init)))
  }
}

extension TestPredictions {
  /// nil where something is missing, or does not go together.
  fileprivate init?(_ file: Safetensors) {
    func tensor(_ name: String) -> SafetensorsTensor? { file.tensors.first { $0.name == name } }
    func numbers(_ name: String) -> [Int]? {
      guard case .int64(let values)? = tensor(name)?.values else { return nil }
      return values.map(Int.init)
    }
    guard let labels = numbers("labels"), let predictions = numbers("predictions"),
      let worst = numbers("worst"), let pixels = numbers("worst_images"),
      let shape = tensor("worst_images")?.shape,
      case .float32(let losses)? = tensor("losses")?.values,
      let names = file.metadata["classes"]
    else { return nil }
    let classNames = names.split(separator: ",").map(String.init)
    let bytes = pixels.compactMap { UInt8(exactly: $0) }
    let classes = classNames.indices
    guard labels.count == predictions.count, labels.count == losses.count, shape.count == 4,
      shape[0] == worst.count, bytes.count == pixels.count,
      (labels + predictions).allSatisfy(classes.contains),
      worst.allSatisfy(labels.indices.contains)
    else { return nil }
    self.init(
      classNames: classNames, labels: labels, predictions: predictions, losses: losses,
      worst: worst, imageShape: Array(shape.dropFirst()), worstImages: bytes)
  }
}
