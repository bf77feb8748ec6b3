import Foundation
import ImageData

/// A folder that is removed with the value that holds it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/adabatch-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Makes a file of `byteCount` zeros that occupy no disk, with some bytes written into it.
  func write(_ name: String, byteCount: Int, _ bytes: [Int: UInt8] = [:]) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try Data().write(to: url)
    let file = try FileHandle(forWritingTo: url)
    defer { try? file.close() }
    try file.truncate(atOffset: UInt64(byteCount))
    for (offset, byte) in bytes {
      try file.seek(toOffset: UInt64(offset))
      try file.write(contentsOf: [byte])
    }
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + name)
  }

  func move(_ name: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: path + "/" + name, toPath: path + "/" + other)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path + "/" + name, withDestinationPath: target)
  }
}

extension TemporaryFolder {
  static let names10 = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

  /// Files of CIFAR-10's sizes: label 0 and black pixels, but one pixel that tells them apart.
  static func cifar10() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (place, name) in names10.enumerated() {
      try folder.write(name, byteCount: 30_730_000, [1: UInt8(place)])
    }
    return folder
  }

  /// Files of CIFAR-100's sizes: labels 0 and black pixels.
  static func cifar100() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("train.bin", byteCount: 153_700_000)
    try folder.write("test.bin", byteCount: 30_740_000)
    return folder
  }
}

/// The error that `body` throws, with `folder`'s path as DIR.
func message(_ folder: TemporaryFolder, _ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)".replacingOccurrences(of: folder.path, with: "DIR")
  }
}
