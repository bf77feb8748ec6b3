/// What was found when every file and label of a data set was read.
public struct DatasetInspection: Sendable {
  /// As people write it: "CIFAR-10".
  public let name: String
  /// The folder or archive.
  public let path: String
  public let files: [File]
  /// What is wrong with files, or between them.
  public let faults: [DataError]
  /// The images, where nothing is wrong.
  public let dataset: Dataset?
  /// Whether all bytes are those of the official archive; nil where they were not compared.
  public let isOfficial: Bool?
}

extension DatasetInspection {
  /// One file of a data set.
  public struct File: Sendable {
    public let name: String
    /// nil, as most else here, where the file cannot be used.
    public let contents: Contents?
    public let fault: DataError?
  }

  /// What is in a file that is well-formed.
  public struct Contents: Sendable, Equatable {
    public let byteCount: Int
    public let imageCount: Int
    /// The kinds of labels that each image has, with the smallest and the largest one.
    public let labels: [LabelRange]
    /// Whether the bytes are the official ones; nil where they were not compared.
    public let isOfficial: Bool?
  }

  /// Between what the labels of one kind lie.
  public struct LabelRange: Sendable, Equatable {
    /// "label", "coarse label" or "fine label".
    public let name: String
    public let smallest: Int
    public let largest: Int
  }
}
