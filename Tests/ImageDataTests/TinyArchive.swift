import Foundation
import ImageData

/// CIFAR-10 with four images in each file, and an archive of it that the system's tar makes.
final class TinyArchive {
  /// Whoever reads or fetches it, with the archive's true size and checksum.
  private(set) var layout = CIFAR.Layout.cifar10
  /// `source/cifar-10-batches-bin` holds the files.
  let folder: TemporaryFolder
  static let recordBytes = 3073

  var path: String { folder.path + "/cifar-10-binary.tar.gz" }
  var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(filePath: path))) } }

  /// - Parameter change: what to do to the files in `source` before they are packed.
  init(
    options: [String] = [], members: [String] = ["cifar-10-batches-bin"],
    _ change: (URL) throws -> Void = { _ in }
  ) throws {
    folder = try TemporaryFolder()
    layout.training.recordsPerFile = 4
    layout.test.recordsPerFile = 4
    let source = URL(filePath: folder.path + "/source")
    let files = source.appending(path: "cifar-10-batches-bin")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    for (place, name) in layout.fileNames.enumerated() {
      try Data(Self.records(seed: place)).write(to: files.appending(path: name))
    }
    try change(source)
    try run("/usr/bin/env", ["tar", "czf", path, "-C", source.path] + options + members)
    layout.archive.byteCount = try bytes.count
    layout.archive.md5 = try Self.md5(of: path)
    for name in layout.fileNames {
      layout.archive.fileMD5[name] = try? Self.md5(of: files.path + "/" + name)
    }
  }

  /// Four images with labels seed … seed + 3, and pixels that do not compress.
  static func records(seed: Int) -> [UInt8] {
    var state = UInt32(seed + 1)
    return (0..<4 * recordBytes).map { place in
      if place % recordBytes == 0 { return UInt8((seed + place / recordBytes) % 10) }
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
  }

  static func md5(of path: String) throws -> String {
    try Checksum.md5(of: path, environment: ProcessInfo.processInfo.environment)
  }
}

/// Runs a program that has to succeed.
func run(_ path: String, _ arguments: [String]) throws {
  let process = try Process.run(URL(filePath: path), arguments: arguments)
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw CocoaError(.executableLoad, userInfo: ["arguments": arguments])
  }
}

extension TemporaryFolder {
  /// The names in it, sorted.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

extension Dataset {
  /// All labels and pixels, training before test.
  var everything: [[UInt8]] {
    [training, test].flatMap { images in
      (0..<images.imageCount).map { index in
        [UInt8(images.label(of: index))] + images.withPixels(of: index) { Array($0) }
      }
    }
  }
}
