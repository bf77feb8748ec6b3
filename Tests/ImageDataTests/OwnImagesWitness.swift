import Foundation
import ImageData

/// Photographs, and what Pillow and NumPy made of them; Witness/make_photographs.py.
enum OwnImagesWitness {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Witness"
  static let photographs = folder + "/photographs"

  static func packed(_ size: Int) -> String { "\(folder)/packed-\(size)" }
}

extension LabelledImages {
  /// All pixels, as numbers that differences can be made of.
  var allPixels: [Int] {
    (0..<imageCount).flatMap { index in withPixels(of: index) { $0.map(Int.init) } }
  }

  var allLabels: [Int] { (0..<imageCount).map(label) }
}

extension TemporaryFolder {
  /// A copy of a folder of the witness, to be damaged.
  convenience init(copying path: String, as name: String) throws {
    try self.init()
    try FileManager.default.copyItem(atPath: path, toPath: self.path + "/" + name)
  }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: URL(filePath: path + "/" + name))
  }

  func bytes(of name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path + "/" + name)))
  }
}
