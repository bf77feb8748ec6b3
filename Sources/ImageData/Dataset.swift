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

  public init(
    name: String, classNames: [String], training: LabelledImages, test: LabelledImages,
    normalization: Normalization, source: String
  ) {
    self.name = name
    self.classNames = classNames
    self.training = training
    self.test = test
    self.normalization = normalization
    self.source = source
  }
}
