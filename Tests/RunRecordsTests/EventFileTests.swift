import Foundation
import RunRecords
import Testing

@Suite("TensorBoard event files")
struct EventFileTests {
  private let run: RunDirectory
  private let folder: TemporaryFolder
  private let start = Date(timeIntervalSince1970: 1_700_000_000.5)

  init() throws {
    folder = try TemporaryFolder()
    run = try RunDirectory(creatingAt: folder("run"))
  }

  private func bytes(_ file: EventFile) throws -> Data {
    try Data(contentsOf: URL(filePath: file.path))
  }

  @Test("the file is what TensorBoard's own writer makes, byte for byte")
  func golden() throws {
    let events = try EventFile(creatingIn: run, at: start)
    for epoch in [1, 300] {
      try events.append(.sample(epoch: epoch), at: start.addingTimeInterval(Double(epoch)))
    }
    #expect(try bytes(events) == Data(contentsOf: witness("golden.tfevents")))
  }

  @Test("a file is named by its start, and says nothing of the machine")
  func name() throws {
    let events = try EventFile(creatingIn: run, at: start)
    #expect(events.path == run.file("events.out.tfevents.1700000000.adabatch"))
  }

  @Test("another start makes another file, which sorts behind, and leaves the first as it was")
  func restart() throws {
    let first = try EventFile(creatingIn: run, at: start)
    try first.append(.sample(), at: start)
    let before = try bytes(first)
    // In the same second, and with a clock that went back.
    let second = try EventFile(creatingIn: run, at: start)
    let third = try EventFile(creatingIn: run, at: start.addingTimeInterval(-1e6))
    try third.append(.sample(epoch: 2))

    #expect(first.path < second.path && second.path < third.path)
    #expect(try bytes(first) == before)
  }

  @Test("a full disk is said")
  func fullDisk() throws {
    let events = try EventFile(creatingIn: run, at: start)
    try FileManager.default.removeItem(atPath: events.path)
    try FileManager.default.createSymbolicLink(
      atPath: events.path, withDestinationPath: "/dev/full")

    let error = #expect(throws: FileError.self) { try events.append(.sample()) }
    #expect(error?.code == .diskFull)
  }
}
