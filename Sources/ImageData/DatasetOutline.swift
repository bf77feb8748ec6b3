/// How many images a data set has, and of which shape: what is known before anything is read.
public struct DatasetOutline: Sendable, Hashable, Codable {
  /// As people write it: "CIFAR-10".
  public let name: String
  public let classCount: Int
  public let trainingCount: Int
  public let testCount: Int
  /// `[C, H, W]`.
  public let imageDimensions: [Int]

  /// - Precondition: one class or more, and one image or more of each kind.
  public init(
    name: String, classCount: Int, trainingCount: Int, testCount: Int, imageDimensions: [Int]
  ) {
    precondition(min(classCount, trainingCount, testCount) >= 1, "a data set without images")
    self.name = name
    self.classCount = classCount
    self.trainingCount = trainingCount
    self.testCount = testCount
    self.imageDimensions = imageDimensions
  }
}

extension Dataset {
  public var outline: DatasetOutline {
    DatasetOutline(
      name: name, classCount: classNames.count, trainingCount: training.imageCount,
      testCount: test.imageCount,
      imageDimensions: [training.channels, training.height, training.width])
  }
}

extension CIFAR {
  /// What the official files hold, whether they are at hand or not.
  public static func outline(of variant: Variant) -> DatasetOutline { Layout(variant).outline }
}

extension CIFAR.Layout {
  fileprivate var outline: DatasetOutline {
    let shape = CIFAR.Layout.shape
    return DatasetOutline(
      name: name, classCount: classNames.count, trainingCount: training.imageCount,
      testCount: test.imageCount, imageDimensions: [shape.channels, shape.height, shape.width])
  }
}

extension CIFAR.Layout.FileGroup {
  fileprivate var imageCount: Int { names.count * recordsPerFile }
}

extension SyntheticImages {
  /// What ``make(classCount:seed:trainingCount:testCount:)`` makes.
  public static func outline(
    classCount: Int = 10, trainingCount: Int = usualTrainingCount,
    testCount: Int = usualTestCount
  ) -> DatasetOutline {
    DatasetOutline(
      name: name(classCount), classCount: classCount, trainingCount: trainingCount,
      testCount: testCount,
      imageDimensions: [3, TexturePainter.size, TexturePainter.size])
  }
}
