import Foundation
import ImageData
import Testing

@Suite(.serialized) struct ArchiveTests {
  /// Ways to pack the same files.
  struct Packing: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var options: [String] = []
    var members = ["cifar-10-batches-bin"]
  }

  static let packings =
    ["ustar", "gnu", "oldgnu", "pax", "v7"].map {
      Packing(testDescription: $0, options: ["--format=\($0)"])
    } + [
      Packing(
        testDescription: "another order",
        members: ["test_batch", "data_batch_3", "data_batch_1", "data_batch_5", "data_batch_4"]
          .map { "cifar-10-batches-bin/\($0).bin" } + ["cifar-10-batches-bin/data_batch_2.bin"]),
      Packing(testDescription: "names from the folder", members: ["."]),
      Packing(testDescription: "no folder", options: ["--transform=s,.*/,,"]),
    ]

  @Test("is read as it is, whatever kind of tar made it", arguments: packings)
  func packed(packing: Packing) throws {
    let archive = try TinyArchive(options: packing.options, members: packing.members)
    let expected = try archive.layout.load(from: archive.folder.path + "/source")

    let data = try archive.layout.load(from: archive.path)

    #expect(data.everything == expected.everything)
    #expect(data.source == archive.path)
  }

  @Test("is found in a folder; unpacked files are taken before it")
  func found() throws {
    let archive = try TinyArchive()
    let folder = archive.folder.path
    #expect(try archive.layout.load(from: folder).source == archive.path)
    #expect(
      try archive.layout.load(from: nil, orSearching: ["/none", folder]).source == archive.path)
    try archive.folder.move("source/cifar-10-batches-bin", to: "cifar-10-batches-bin")
    #expect(try archive.layout.load(from: folder).source == folder + "/cifar-10-batches-bin")
  }

  @Test("names that lead elsewhere lead nowhere: nothing is written, the files are read")
  func hostileNames() throws {
    let archive = try TinyArchive(
      options: ["-P", "--transform=s,^up$,../../up,;s,^root$,/tmp/adabatch-root,"],
      members: ["up", "root", "link", "cifar-10-batches-bin"]
    ) { source in
      try Data("up".utf8).write(to: source.appending(path: "up"))
      try Data("root".utf8).write(to: source.appending(path: "root"))
      try FileManager.default.createSymbolicLink(
        atPath: source.path + "/link", withDestinationPath: "/etc")
    }
    let before = try archive.folder.names
    #expect(try archive.layout.load(from: archive.path).training.imageCount == 20)
    #expect(try archive.folder.names == before)
    #expect(!FileManager.default.fileExists(atPath: "/tmp/adabatch-root"))
    #expect(!FileManager.default.fileExists(atPath: archive.folder.path + "/../up"))
  }

  @Test("a link by the name of a file is refused, not followed")
  func link() throws {
    let archive = try TinyArchive { source in
      let path = source.path + "/cifar-10-batches-bin/data_batch_3.bin"
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: "data_batch_1.bin")
    }
    #expect(
      message(archive.folder) { _ = try archive.layout.load(from: archive.path) } == """
        DIR/cifar-10-binary.tar.gz/cifar-10-batches-bin/data_batch_3.bin: not a regular file
          fix: this is not the official archive: adabatch data get cifar10 fetches it
        """)
  }

  @Test("a file that is in it twice is refused")
  func twice() throws {
    let archive = try TinyArchive(
      options: ["--transform=s,again/,cifar-10-batches-bin/,"],
      members: ["cifar-10-batches-bin", "again/test_batch.bin"]
    ) { source in
      try FileManager.default.copyItem(
        at: source.appending(path: "cifar-10-batches-bin"), to: source.appending(path: "again"))
    }
    #expect(
      message(archive.folder) { _ = try archive.layout.load(from: archive.path) } == """
        DIR/cifar-10-binary.tar.gz/cifar-10-batches-bin/test_batch.bin: more than once in the archive
          fix: this is not the official archive: adabatch data get cifar10 fetches it
        """)
  }

  @Test("a file in it is checked as one on the disk is")
  func files() throws {
    let label = try TinyArchive { source in
      var records = Data(TinyArchive.records(seed: 2))
      records[2 * TinyArchive.recordBytes] = 10
      try records.write(to: source.appending(path: "cifar-10-batches-bin/data_batch_2.bin"))
    }
    #expect(
      message(label.folder) { _ = try label.layout.load(from: label.path) } == """
        DIR/cifar-10-binary.tar.gz/cifar-10-batches-bin/data_batch_2.bin: record 2 (byte 6,146) \
        has label 10, but CIFAR-10's are 0 to 9
          fix: the file is damaged or not CIFAR-10's: unpack cifar-10-binary.tar.gz again
        """)
    let short = try TinyArchive { source in
      try Data(count: 12_291).write(
        to: source.appending(path: "cifar-10-batches-bin/data_batch_5.bin"))
    }
    #expect(
      message(short.folder) { _ = try short.layout.load(from: short.path) } == """
        DIR/cifar-10-binary.tar.gz/cifar-10-batches-bin/data_batch_5.bin: 12,291 bytes, but this \
        file of CIFAR-10 has 12,292 (4 records of 3,073)
          fix: unpack cifar-10-binary.tar.gz again
        """)
    let missing = try TinyArchive(options: ["--exclude=*_4.bin"])
    #expect(
      message(missing.folder) { _ = try missing.layout.load(from: missing.path) } == """
        DIR/cifar-10-binary.tar.gz: holds no data_batch_4.bin
          fix: it may be another version of the data set: adabatch data get cifar10 fetches \
        cifar-10-binary.tar.gz
        """)
  }

  @Test(
    "damage is said with gzip's reason",
    arguments: [
      ("cut", "unexpected end of file"), ("flipped", "invalid compressed data--crc error"),
      ("text", "not in gzip format"), ("empty", "unexpected end of file"),
      ("gzipped text", "it is no tar archive"),
    ])
  func damaged(kind: String, reason: String) throws {
    let archive = try TinyArchive()
    var bytes = try archive.bytes
    switch kind {
    case "cut": bytes = Array(bytes.prefix(bytes.count / 2))
    case "flipped": bytes[bytes.count - 8] ^= 1  // in the checksum
    case "text": bytes = Array("an error page of a server\n".utf8)
    case "empty": bytes = []
    default: break
    }
    let url = URL(filePath: archive.path)
    try Data(bytes).write(to: url)
    if kind == "gzipped text" {
      try Data(repeating: 0x41, count: 5000).write(to: URL(filePath: archive.folder.path + "/text"))
      try run("/bin/sh", ["-c", "gzip -c \(archive.folder.path)/text > \(archive.path)"])
    }
    #expect(
      message(archive.folder) { _ = try archive.layout.load(from: archive.path) } == """
        DIR/cifar-10-binary.tar.gz: cannot be unpacked: \(reason)
          fix: it is damaged or not whole: fetch it again
        """)
  }

  @Test("one that unpacks to far too much is given up")
  func bomb() throws {
    let archive = try TinyArchive(members: ["zeros", "cifar-10-batches-bin"]) { source in
      try Data(count: 4 << 20).write(to: source.appending(path: "zeros"))
    }
    #expect(
      message(archive.folder) { _ = try archive.layout.load(from: archive.path) } == """
        DIR/cifar-10-binary.tar.gz: cannot be unpacked: it unpacks to far more than the data set's \
        files
          fix: it is damaged or not whole: fetch it again
        """)
  }
}
