import Foundation
import ImageData
import Testing

@Suite(.serialized) struct InspectTests {
  @Test("tells of every file, and whether its bytes are the official ones")
  func whole() throws {
    let archive = try TinyArchive()
    let files = archive.folder.path + "/source/cifar-10-batches-bin"

    let official = try archive.layout.inspect(from: files)

    #expect(official.faults.isEmpty)
    #expect(official.isOfficial == true)
    #expect(official.files.map(\.name) == TemporaryFolder.names10)
    let second = try #require(official.files[1].contents)
    #expect((second.byteCount, second.imageCount, second.isOfficial) == (12_292, 4, true))
    let label = try #require(second.labels.first)
    #expect((label.name, label.smallest, label.largest) == ("label", 1, 4))
    #expect(official.dataset?.training.imageCount == 20)

    var records = TinyArchive.records(seed: 1)
    records[1] ^= 1
    try Data(records).write(to: URL(filePath: files + "/data_batch_2.bin"))
    let changed = try archive.layout.inspect(from: files)
    #expect(changed.faults.isEmpty)
    #expect(changed.isOfficial == false)
    #expect(
      changed.files.map { $0.contents?.isOfficial } == [true, false, true, true, true, true])
    #expect(try archive.layout.inspect(from: files, comparing: false).isOfficial == nil)
  }

  @Test("names the fault of every file that has one")
  func faults() throws {
    let archive = try TinyArchive()
    let files = archive.folder.path + "/source/cifar-10-batches-bin/"
    try FileManager.default.removeItem(atPath: files + "data_batch_1.bin")
    try Data([1]).write(to: URL(filePath: files + "data_batch_3.bin"))
    var records = TinyArchive.records(seed: 5)
    records[TinyArchive.recordBytes] = 200
    try Data(records).write(to: URL(filePath: files + "test_batch.bin"))

    let found = try archive.layout.inspect(from: files)

    #expect(found.faults.map(\.code) == [.missingFile, .wrongSize, .badLabel])
    #expect(
      found.files.map { $0.fault?.code }
        == [.missingFile, nil, .wrongSize, nil, nil, .badLabel])
    #expect(found.files.map { $0.contents == nil } == [true, false, true, false, false, true])
    #expect(found.dataset == nil)
    #expect(found.isOfficial == nil)
  }

  @Test("faults between files are found too")
  func copies() throws {
    let archive = try TinyArchive()
    let files = archive.folder.path + "/source/cifar-10-batches-bin/"
    try Data(TinyArchive.records(seed: 0)).write(to: URL(filePath: files + "data_batch_4.bin"))
    let found = try archive.layout.inspect(from: files)
    #expect(found.faults.map(\.code) == [.duplicateFile])
    #expect(found.dataset == nil)
  }

  @Test("an archive is compared as a whole")
  func archive() throws {
    let archive = try TinyArchive()
    let found = try archive.layout.inspect(from: archive.path)
    #expect(found.isOfficial == true)
    #expect(found.files.allSatisfy { $0.contents != nil && $0.contents?.isOfficial == nil })
    let other = try TinyArchive(options: ["--mtime=2001-01-01"])
    try archive.folder.remove("cifar-10-binary.tar.gz")
    try FileManager.default.copyItem(atPath: other.path, toPath: archive.path)
    #expect(try archive.layout.inspect(from: archive.path).isOfficial == false)
  }

  @Test("the pixels' mean and deviation, per channel and over all images")
  func statistics() throws {
    let images = try LabelledImages(
      pixels: [10, 0, 7, 20, 255, 7, 60, 0, 7, 30, 255, 7], labels: [0, 0, 0, 0], channels: 3,
      height: 1, width: 1, classCount: 1)
    let found = images.channelStatistics()
    // (10 + 20 + 60 + 30) / 4 = 30; deviations from it -20, -10, 30, 0: 1400 / 4.
    #expect(found.mean == [30.0 / 255, 0.5, 7.0 / 255])
    let deviations = [350.squareRoot() / 255, 0.5, 0]
    #expect(zip(found.deviation, deviations).allSatisfy { abs($0 - $1) < 1e-15 })
  }
}
