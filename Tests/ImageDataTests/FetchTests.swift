import Foundation
import ImageData
import TestSupport
import Testing

@Suite(.serialized) struct FetchTests {
  static let whole = ["cifar-10-batches-bin", "cifar-10-binary.tar.gz"]

  @Test("leaves the checked archive and its files, and does nothing the second time")
  func whole() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    let (archive, folder) = (fetching.archive.layout.archive, fetching.folder.path)
    let files = folder + "/cifar-10-batches-bin"

    let events = try fetching.run()

    #expect(
      events == [
        .downloading(
          url: fetching.server.url(Fetching.path), bytes: 0, byteCount: archive.byteCount),
        .checked(
          path: folder + Fetching.path, byteCount: archive.byteCount, md5: archive.md5),
        .unpacked(path: files),
      ])
    #expect(try fetching.folder.names == Self.whole)
    let expected = fetching.archive.folder.path + "/source"
    #expect(
      try fetching.archive.layout.load(from: folder).everything
        == fetching.archive.layout.load(from: expected).everything)
    #expect(try fetching.run() == [.alreadyThere(path: files, isOfficial: true)])
    #expect(fetching.server.requests == [.init(Fetching.path)])
  }

  @Test("an interrupted download goes on behind the bytes that are there")
  func resumed() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    try fetching.interrupted(try fetching.archive.bytes.prefix(30_000))

    try fetching.run()

    #expect(fetching.server.requests == [.init(Fetching.path, range: "bytes=30000-")])
    #expect(try fetching.folder.names == Self.whole)
  }

  @Test("a download that was whole but for its name is only checked")
  func onlyTheName() throws {
    let fetching = try Fetching { _ in .status(500) }
    defer { fetching.server.stop() }
    try fetching.interrupted(try fetching.archive.bytes)

    try fetching.run()

    #expect(fetching.server.requests.isEmpty)
    #expect(try fetching.folder.names == Self.whole)
  }

  @Test("a connection that breaks is tried again behind the bytes that came")
  func broken() throws {
    let fetching = try Fetching { .brokenOnce(try $0.bytes, after: 20_000) }
    defer { fetching.server.stop() }

    let events = try fetching.run()

    #expect(
      fetching.server.requests
        == [.init(Fetching.path), .init(Fetching.path, range: "bytes=20000-")])
    let bytesMissing = fetching.archive.layout.archive.byteCount - 20_000
    #expect(
      events[1]
        == .tryingAgain(
          reason: "transfer closed with \(bytesMissing) bytes remaining to read"))
  }

  @Test("a server that cannot send the rest of a file has it fetched from the start")
  func withoutRanges() throws {
    let fetching = try Fetching { .withoutRanges(try $0.bytes) }
    defer { fetching.server.stop() }
    try fetching.interrupted([1, 2, 3])

    try fetching.run()

    #expect(fetching.server.requests.map(\.range) == ["bytes=3-", nil])
    #expect(try fetching.folder.names == Self.whole)
  }

  @Test("more bytes than the archive has are no start of it")
  func tooMany() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    try fetching.interrupted(try fetching.archive.bytes + [0])

    try fetching.run()

    #expect(fetching.server.requests == [.init(Fetching.path)])
  }

  @Test("redirections are followed, but not to files of this machine")
  func redirected() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }

    #expect(
      fetching.fault(from: "/to-a-file") == """
        URL: cannot be fetched: Protocol "file" not supported or disabled in libcurl
          fix: check the address, or give a mirror's with --from
        """)
    #expect(try fetching.folder.names == [])
    try fetching.run(from: "/moved")
    #expect(try fetching.folder.names == Self.whole)
  }

  @Test("what the user has curl do elsewhere does not count here")
  func ownSettings() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    let home = try TemporaryFolder()
    try Data("max-filesize = 10\n".utf8).write(to: URL(filePath: home.path + "/.curlrc"))

    try fetching.run(environment: ["PATH": "/usr/bin:/bin", "HOME": home.path])

    #expect(try fetching.folder.names == Self.whole)
  }

  @Test("an archive that was put there by hand is checked and unpacked without a network")
  func byHand() throws {
    let fetching = try Fetching { _ in .status(500) }
    defer { fetching.server.stop() }
    let url = URL(filePath: fetching.folder.path + Fetching.path)
    try Data(fetching.archive.bytes).write(to: url)

    try fetching.run(environment: ["PATH": "/usr/bin:/bin"])

    #expect(fetching.server.requests.isEmpty)
    #expect(try fetching.folder.names == Self.whole)
  }

  @Test("what a killed unpacking left is replaced")
  func killed() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    let left = fetching.folder.path + "/cifar-10-batches-bin.partial"
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
    try Data([1]).write(to: URL(filePath: left + "/data_batch_1.bin"))

    try fetching.run()

    #expect(try fetching.folder.names == Self.whole)
    #expect(try fetching.archive.layout.load(from: fetching.folder.path).training.imageCount == 20)
  }

  @Test("the checksum is the one of RFC 1321")
  func checksum() throws {
    let folder = try TemporaryFolder()
    try Data("abc".utf8).write(to: URL(filePath: folder.path + "/-n"))
    #expect(try TinyArchive.md5(of: folder.path + "/-n") == "900150983cd24fb0d6963f7d28e17f72")
  }
}
