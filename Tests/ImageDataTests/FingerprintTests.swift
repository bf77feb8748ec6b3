import Foundation
import ImageData
import RunRecords
import Testing

@Suite("A data set's fingerprint")
struct FingerprintTests {
  private let folder: TemporaryFolder
  private let before: DataFingerprint

  init() throws {
    folder = try TemporaryFolder.cifar10()
    before = try Self.fingerprint(folder)
  }

  private static func fingerprint(_ folder: TemporaryFolder) throws -> DataFingerprint {
    try CIFAR.load(.cifar10, from: folder.path).fingerprint
  }

  private func difference() throws -> String? {
    before.difference(to: try Self.fingerprint(folder))
  }

  @Test("is the same as long as nothing happens")
  func same() throws {
    #expect(try difference() == nil)
    #expect(before.files.map(\.name) == TemporaryFolder.names10)
    #expect(before.trainingImages > before.testImages && before.testImages > 0)
  }

  @Test("tells a file that was written anew, be it with the same bytes")
  func rewritten() throws {
    let url = URL(filePath: folder.path + "/data_batch_3.bin")
    try Data(contentsOf: url).write(to: url)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: url.path)
    #expect(
      try difference()
        == "data_batch_3.bin was written anew since; its size and all labels are the same")
  }

  @Test("tells one label, also where size and time are as they were")
  func label() throws {
    let path = folder.path + "/data_batch_2.bin"
    let time = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    let label = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: 0)
    try file.write(contentsOf: Data([(label + 1) % 10]))
    try file.close()
    try FileManager.default.setAttributes([.modificationDate: time as Any], ofItemAtPath: path)
    #expect(try difference() == "the labels are not those it began with")
  }

  @Test("tells other files, and files of another size")
  func others() {
    var other = before
    other.files[0].bytes += 1
    #expect(
      before.difference(to: other)
        == "data_batch_1.bin has \(other.files[0].bytes) bytes, and had \(before.files[0].bytes)")
    other.files = [DataFingerprint.File(name: "cifar.tar.gz", bytes: 1, modified: 1)]
    #expect(
      before.difference(to: other)?.hasPrefix("the files are cifar.tar.gz, and were ") == true)
  }
}
