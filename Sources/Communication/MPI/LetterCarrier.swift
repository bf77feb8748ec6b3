#if MPI
import CMPI
import Foundation
import Synchronization

/// Carries the letters of a ``NoteBoard`` between the ranks of an MPI job, on a thread of its own.
final class LetterCarrier: Sendable {
  /// On which letters of others arrive, and whose letters leave.
  let board: NoteBoard
  private let outbox: Outbox
  private let ended = DispatchSemaphore(value: 0)

  /// Letters that wait to be sent, to everybody.
  private final class Outbox: Sendable {
    private let content = Mutex<(letters: [[UInt8]], isClosed: Bool)>(([], false))

    func add(_ letter: [UInt8]) { content.withLock { $0.letters.append(letter) } }
    func close() { content.withLock { $0.isClosed = true } }

    /// What is there, and whether nothing will follow.
    func empty() -> (letters: [[UInt8]], isClosed: Bool) {
      content.withLock { content in
        defer { content.letters = [] }
        return content
      }
    }
  }

  /// - Parameter line: a communicator that nothing else uses.
  init(rank: Int, rankCount: Int, _ line: cmpi_comm, _ mpi: MPILibrary) {
    let outbox = Outbox()
    self.outbox = outbox
    board = NoteBoard { outbox.add($0) }
    let lines = (0..<rankCount).filter { $0 != rank }.map { LetterLine(with: $0, line, mpi) }
    Thread { [board, ended] in
      // Others would wait without end for the last word of a rank whose library fails.
      if (try? Self.carry(lines, from: outbox, to: board)) == nil {
        cmpi_abort(RankWatch().exitCode)
      }
      ended.signal()
    }.start()
  }

  /// Says that no letter follows, and waits until nobody else has one.
  func end() {
    outbox.close()
    ended.wait()
  }

  private static func carry(
    _ lines: [LetterLine], from outbox: Outbox, to board: NoteBoard
  ) throws(CommunicationError) {
    var isLast = false
    var busy = ContinuousClock.now
    while true {
      if !isLast {
        let waiting = outbox.empty()
        for line in lines {
          for letter in waiting.letters { try line.send(letter) }
          if waiting.isClosed { try line.sendLast() }
        }
        isLast = waiting.isClosed
        if !waiting.letters.isEmpty { busy = .now }
      }
      var isDone = isLast
      for line in lines {
        while let letter = try line.receive() {
          board.take(letter)
          busy = .now
        }
        if try !line.isSent() || !line.hasHeardLast { isDone = false }
      }
      if isDone { return }
      // Letters come together, while libraries join, and then not for a long time.
      let isBusy = isLast || ContinuousClock.now - busy < .seconds(2)
      usleep(isBusy ? 1000 : 20_000)
    }
  }
}
#endif
