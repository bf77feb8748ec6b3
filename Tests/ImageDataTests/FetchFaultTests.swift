import Foundation
import ImageData
import RunRecords
import TestSupport
import Testing

@Suite(.serialized) struct FetchFaultTests {
  @Test("other bytes are refused and not kept, and the archive's name never appears")
  func wrongBytes() throws {
    var other: [UInt8] = []
    let fetching = try Fetching { archive in
      other = try archive.bytes
      other[other.count / 2] ^= 1
      return .bytes(other)
    }
    defer { fetching.server.stop() }
    let otherPath = fetching.archive.folder.path + "/other"
    try Data(other).write(to: URL(filePath: otherPath))
    #expect(
      fetching.fault() == """
        URL: not the official cifar-10-binary.tar.gz: its MD5 sum is \
        \(try TinyArchive.md5(of: otherPath)), not \(fetching.archive.layout.archive.md5)
          fix: it was removed; give the command again, or another address with --from
        """)
    #expect(try fetching.folder.names == [])
  }

  @Test("another file is refused by its size", arguments: [-1, 1])
  func wrongSize(difference: Int) throws {
    let fetching = try Fetching { archive in
      .bytes(Array((try archive.bytes + [0]).dropLast(1 - difference)))
    }
    defer { fetching.server.stop() }
    let size = fetching.archive.layout.archive.byteCount
    #expect(
      fetching.fault() == """
        URL: \(grouped(size + difference)) bytes, but cifar-10-binary.tar.gz has \(grouped(size))
          fix: it was removed; give the command again, or another address with --from
        """)
    #expect(try fetching.folder.names == [])
  }

  @Test("a server that does not have it is asked once")
  func notFound() throws {
    let fetching = try Fetching { _ in .status(404) }
    defer { fetching.server.stop() }
    #expect(
      fetching.fault() == """
        URL: cannot be fetched: The requested URL returned error: 404
          fix: check the address, or give a mirror's with --from
        """)
    #expect(fetching.server.requests.count == 1)
    #expect(try fetching.folder.names == [])
  }

  @Test("a busy server is asked three times, and what is there stays")
  func busy() throws {
    let fetching = try Fetching { _ in .status(503) }
    defer { fetching.server.stop() }
    try fetching.interrupted([1, 2, 3])
    #expect(
      fetching.fault() == """
        URL: cannot be fetched: The requested URL returned error: 503
          fix: check the network and its proxy, and give the command again: it goes on where it was
        """)
    #expect(fetching.server.requests.count == 3)
    #expect(try fetching.folder.names == ["cifar-10-binary.tar.gz.partial"])
  }

  @Test("no server: curl's reason")
  func noServer() throws {
    let fetching = try Fetching { _ in .status(404) }
    fetching.server.stop()
    let text = fetching.fault()
    #expect(text.hasPrefix("URL: cannot be fetched: Failed to connect to 127.0.0.1 port "))
    let error = #expect(throws: DataError.self) { try fetching.run() }
    #expect(error?.code == .downloadFailed)
  }

  @Test("a machine without curl is told how to get it, or to do without")
  func noCurl() throws {
    let fetching = try Fetching { _ in .status(404) }
    defer { fetching.server.stop() }
    #expect(
      fetching.fault(environment: ["PATH": ""]) == """
        curl: this program is needed, and in no folder of PATH
          fix: install it: apt-get install curl; or fetch URL in another way, put it into DIR, and \
        give the command again
        """)
    #expect(fetching.server.requests.isEmpty)
    #expect(try fetching.folder.names == [])
  }

  @Test("a machine that could not check or unpack is told before a byte comes")
  func noOtherPrograms() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    let programs = try TemporaryFolder()
    for (name, missing) in [("curl", "md5sum"), ("md5sum", "gzip")] {
      try programs.link(name, to: "/usr/bin/\(name)")
      #expect(
        fetching.fault(environment: ["PATH": programs.path])
          .hasPrefix("\(missing): this program is needed, and in no folder of PATH\n"))
    }
    #expect(fetching.server.requests.isEmpty)
    #expect(try fetching.folder.names == [])
  }

  @Test("bytes that could not be checked are kept, and only checked the next time")
  func checkFails() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    let programs = try TemporaryFolder()
    let md5sum = programs.path + "/md5sum"
    try Data("#!/bin/sh\nkill -9 $$\n".utf8).write(to: URL(filePath: md5sum))
    chmod(md5sum, 0o755)

    let text = fetching.fault(environment: ["PATH": "\(programs.path):/usr/bin:/bin"])

    #expect(text.contains("cannot be read: md5sum ended with 9"))
    #expect(try fetching.folder.names == ["cifar-10-binary.tar.gz.partial"])
    try fetching.run()
    #expect(fetching.server.requests.count == 1)
    #expect(try fetching.folder.names == FetchTests.whole)
  }

  @Test(
    "only addresses of the web are fetched, and no folder is made for others",
    arguments: ["file:///etc/passwd", "-o/tmp/x", ""])
  func otherProtocols(url: String) throws {
    let fetching = try Fetching { _ in .status(404) }
    defer { fetching.server.stop() }
    let error = #expect(throws: DataError.self) {
      _ = try fetching.archive.layout.fetch(into: fetching.folder.path + "/new", from: url)
    }
    #expect(error?.code == .badAddress)
    #expect(try fetching.folder.names == [])
  }

  @Test("an archive by hand with other bytes is refused, and left")
  func byHand() throws {
    let fetching = try Fetching { _ in .status(404) }
    defer { fetching.server.stop() }
    try fetching.folder.write("cifar-10-binary.tar.gz", byteCount: 1000)
    let size = grouped(fetching.archive.layout.archive.byteCount)
    #expect(
      fetching.fault() == """
        DIR/cifar-10-binary.tar.gz: 1,000 bytes, but cifar-10-binary.tar.gz has \(size)
          fix: remove or rename it, and give the command again
        """)
    #expect(try fetching.folder.names == ["cifar-10-binary.tar.gz"])
  }

  @Test("a folder that is damaged or somebody else's is not overwritten, nor anything fetched")
  func inTheWay() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    let files = fetching.folder.path + "/cifar-10-batches-bin"
    try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: false)
    try fetching.folder.write("cifar-10-batches-bin/notes", byteCount: 1)
    #expect(
      fetching.fault() == """
        DIR/cifar-10-batches-bin: in the way: it holds other files than CIFAR-10's
          fix: remove or rename it, and give the command again
        """)
    try fetching.folder.write("cifar-10-batches-bin/data_batch_1.bin", byteCount: 1)
    #expect(
      fetching.fault() == """
        DIR/cifar-10-batches-bin/data_batch_1.bin: 1 bytes, but this file of CIFAR-10 has 12,292 \
        (4 records of 3,073)
          fix: remove or rename DIR/cifar-10-batches-bin, and give the command again
        """)
    #expect(fetching.server.requests.isEmpty)
  }

  @Test("a folder into which another process fetches is left to it")
  func inUse() throws {
    let fetching = try Fetching { .bytes(try $0.bytes) }
    defer { fetching.server.stop() }
    let lock = try FolderLock.fetching(into: fetching.folder.path)
    #expect(
      fetching.fault() == """
        DIR: another process fetches a data set into this folder
          fix: wait until it is done, or name another folder with --data
        """)
    #expect(try fetching.folder.names == [])
    withExtendedLifetime(lock) {}
  }
}
