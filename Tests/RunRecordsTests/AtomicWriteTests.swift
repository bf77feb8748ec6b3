import Foundation
import RunRecords
import Testing

@Suite struct AtomicWriteTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("the final name has the old content until the new one is whole")
  func atomic() throws {
    let path = folder("file")
    try writeAtomically("old".utf8, to: path)

    try writeAtomically(to: path) { file throws(FileError) in
      for _ in 0..<100 {
        try file.write(Array("new content ".utf8))
        #expect((try? text(of: path)) == "old")
      }
    }
    #expect(try text(of: path) == String(repeating: "new content ", count: 100))
    #expect(try folder.names == ["file"])
  }

  @Test("a new file has no name before it is whole")
  func newFile() throws {
    try writeAtomically(to: folder("file")) { file throws(FileError) in
      try file.write(Array("half".utf8))
      #expect((try? folder.names) == ["file.partial"])
    }
    #expect(try folder.names == ["file"])
  }

  @Test("a failure in the middle leaves the old content, and nothing beside it")
  func failure() throws {
    let path = folder("file")
    try writeAtomically("old".utf8, to: path)
    let fault = FileError(
      code: .inputOutput, path: path, operation: "write", reason: "a test", fix: "none")

    #expect(throws: fault) {
      try writeAtomically(to: path) { file throws(FileError) in
        try file.write(Array("half".utf8))
        throw fault
      }
    }
    #expect(try text(of: path) == "old")
    #expect(try folder.names == ["file"])
  }

  @Test("what a kill left behind is in nobody's way")
  func leftover() throws {
    try Data("half of something much longer".utf8).write(to: URL(filePath: folder("file.partial")))
    try writeAtomically("new".utf8, to: folder("file"))

    #expect(try text(of: folder("file")) == "new")
    #expect(try folder.names == ["file"])
  }

  @Test("a link planted under the temporary name is not followed")
  func plantedLink() throws {
    try Data("precious".utf8).write(to: URL(filePath: folder("other")))
    try FileManager.default.createSymbolicLink(
      atPath: folder("file.partial"), withDestinationPath: folder("other"))

    #expect(throws: FileError.self) { try writeAtomically("new".utf8, to: folder("file")) }
    #expect(try text(of: folder("other")) == "precious")
  }

  @Test("a folder that is missing is said, with the file that was asked for")
  func missingFolder() {
    let path = folder("missing/file")
    let error = #expect(throws: FileError.self) { try writeAtomically("new".utf8, to: path) }

    #expect(error?.code == .missing)
    #expect(
      error?.description == """
        cannot write \(path): No such file or directory
          fix: check the path for a typing mistake
        """)
  }

  @Test("a name that cannot be taken leaves nothing behind")
  func directoryInTheWay() throws {
    try FileManager.default.createDirectory(
      atPath: folder("file"), withIntermediateDirectories: false)

    #expect(throws: FileError.self) { try writeAtomically("new".utf8, to: folder("file")) }
    #expect(try folder.names == ["file"])
  }

  @Test("no space left is its own kind of error, with what to do")
  func fullDisk() throws {
    let error = #expect(throws: FileError.self) {
      var file = try OutputFile(opening: "/dev/full", flags: 0, shownPath: "/runs/a/model")
      try file.write([UInt8](repeating: 0, count: 10))
    }
    #expect(error?.code == .diskFull)
    #expect(
      error?.description == """
        cannot write /runs/a/model: No space left on device
          fix: free some space on that disk, or use a folder on another one
        """)
  }

  @Test(
    "the system's numbers become kinds that a tool can act on",
    arguments: [
      (ENOSPC, .diskFull), (EDQUOT, .diskFull), (EROFS, .notPermitted), (EACCES, .notPermitted),
      (ENOENT, .missing), (EIO, .inputOutput),
    ] as [(Int32, FileError.Code)])
  func codes(number: Int32, code: FileError.Code) {
    #expect(FileError.Code(errno: number) == code)
  }

  @Test("a relative path is written where the program is")
  func relativePath() throws {
    let name = "adabatch-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: name) }
    try writeAtomically("here".utf8, to: name)

    #expect(try text(of: name) == "here")
  }
}
