import Foundation

/// What tells whether a training goes on with the images that it began with.
public struct DataFingerprint: Codable, Sendable, Equatable {
  /// A file that images were read from.
  public struct File: Codable, Sendable, Equatable {
    public var name: String
    public var bytes: Int
    /// When its content was last changed, in nanoseconds since 1970, as the file system says.
    public var modified: Int

    public init(name: String, bytes: Int, modified: Int) {
      self.name = name
      self.bytes = bytes
      self.modified = modified
    }
  }

  /// None for images that are made up.
  public var files: [File]
  public var trainingImages: Int
  public var testImages: Int
  /// CRC-32C of the labels, training before test, four bytes each.
  public var labels: UInt32

  public init(files: [File], trainingImages: Int, testImages: Int, labels: UInt32) {
    self.files = files
    self.trainingImages = trainingImages
    self.testImages = testImages
    self.labels = labels
  }

  /// What is different in `other`, in a few words; nil where nothing is.
  ///
  /// The labels come first: where they and all sizes are the same, times alone may mean a copy.
  public func difference(to other: DataFingerprint) -> String? {
    if labels != other.labels || trainingImages != other.trainingImages
      || testImages != other.testImages
    {
      return "the labels are not those it began with"
    }
    guard files.map(\.name) == other.files.map(\.name) else {
      return "the files are \(list(other.files)), and were \(list(files))"
    }
    for (old, new) in zip(files, other.files) {
      if old.bytes != new.bytes {
        return "\(old.name) has \(new.bytes) bytes, and had \(old.bytes)"
      }
      if old.modified != new.modified {
        return "\(old.name) was written anew since; its size and all labels are the same"
      }
    }
    return nil
  }

  private func list(_ files: [File]) -> String {
    files.isEmpty ? "none" : files.map(\.name).joined(separator: ", ")
  }
}

extension DataFingerprint.File {
  /// The file at `path` as the file system has it now; nil where there is none.
  public init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(
      name: path.split(separator: "/").last.map(String.init) ?? path, bytes: Int(status.st_size),
      modified: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
  }
}
