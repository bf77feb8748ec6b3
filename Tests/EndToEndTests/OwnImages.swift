import Foundation
import RunRecords

/// Images of the user's own, as NumPy would save them: grey, one shade for each class and some noise.
struct OwnImages {
  /// - Parameters:
  ///   - count: to train on, and to test with.
  ///   - labels: repeated; all of two classes are known.
  ///   - type, bytes: of a number.
  @discardableResult
  init(
    in folder: URL, count: Int, height: Int = 2, width: Int = 2, labels: [Int] = [0, 1],
    type: String = "|u1", bytes: Int = 1
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let labels = (0..<count).map { labels[$0 % labels.count] }
    let pixels = labels.enumerated().flatMap { index, label in
      (0..<bytes * height * width).map { place in
        UInt8(100 + 30 * label + (index * 7919 + place * 104_729) % 50)
      }
    }
    let shape = "(\(count), 1, \(height), \(width))"
    for kind in ["train", "test"] {
      try Data(NPYHeader.bytes(type: type, shape: shape) + pixels)
        .write(to: folder.appending(path: "\(kind)-images.npy"))
      try Data(NPYHeader.bytes(type: "|u1", shape: "(\(count),)") + labels.map { UInt8($0) })
        .write(to: folder.appending(path: "\(kind)-labels.npy"))
    }
    try Data(#"{"classes": ["dark", "light"]}"#.utf8)
      .write(to: folder.appending(path: "dataset.json"))
  }
}
