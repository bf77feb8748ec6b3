import Communication
import Foundation
import TestSupport
import Testing

@Suite("Notes between ranks")
struct NoteBoardTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("arrive at all ranks, whoever asks first, the newest of a key", arguments: [1, 4])
  func arrive(count: Int) throws {
    let found = onRanks(count) { ranks in
      let board = ranks.communicator.openBoard()
      if ranks.own == 0 {
        usleep(20_000)
        board.put([], under: bytes("nothing"))
        board.put(bytes("old"), under: bytes("a"))
        board.put(Array(repeating: 7, count: 100_000), under: bytes("a"))
        board.put(bytes("last"), under: [])
      }
      let last = board.note(under: [], seconds: 30)
      return [last, board.note(under: bytes("a")), board.note(under: bytes("nothing"))]
    }
    for notes in try found.map({ try $0.get() }) {
      #expect(notes == [bytes("last"), Array(repeating: 7, count: 100_000), []])
    }
  }

  @Test("are not waited for longer than was said, nor from a rank that gave up")
  func gaveUp() throws {
    let found = onRanks(2) { ranks in
      let board = ranks.communicator.openBoard()
      let early = board.note(under: [1], seconds: 0.01)
      if ranks.own == 0 { board.close() }
      let late = board.note(under: [1], seconds: 600)
      try ranks.meet()
      return (early, late, board.wasClosedByOther)
    }
    let ends = try found.map { try $0.get() }
    #expect(ends.allSatisfy { $0.0 == nil && $0.1 == nil })
    #expect(ends.map(\.2) == [false, true])
  }
}
