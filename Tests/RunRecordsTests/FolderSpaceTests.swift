import Foundation
import RunRecords
import Testing

@Suite struct FolderSpaceTests {
  @Test("a folder that is not there yet is judged by the one that it would be made in")
  func missing() throws {
    let folder = try TemporaryFolder()
    let space = FolderSpace(of: folder("a/b/c"))
    #expect(space.existing == folder.path)
    #expect(space.isWritable)
    #expect(try #require(space.freeBytes) > 0)
    #expect(try folder.names.isEmpty)
  }

  @Test("a name without a folder lies in the current one")
  func relative() { #expect(FolderSpace(of: "no such folder").existing == ".") }

  @Test("nothing can be made below a file")
  func notWritable() throws {
    let folder = try TemporaryFolder()
    try writeAtomically("text".utf8, to: folder("file"))
    #expect(!FolderSpace(of: folder("file")).isWritable)
    #expect(!FolderSpace(of: folder("file/run")).isWritable)
  }
}
