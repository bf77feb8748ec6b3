#if MPI
import CMPI
import Foundation
import Synchronization

/// Tells the next rank twice a second that this one lives, and listens to the one before.
///
/// A rank that ends is the launcher's to notice; one that is frozen, or whose host is gone, nobody
/// else would ever miss. It beats on a thread of its own, so a long pass is no silence.
final class Heartbeat: Sendable {
  private static let interval = 0.5

  private let isEnding = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  /// Starts to beat.
  ///
  /// - Parameter ring: a communicator that nothing else uses.
  init(rank: Int, hosts: [String], _ ring: cmpi_comm, _ mpi: MPILibrary, _ watch: RankWatch) {
    let before = (rank + hosts.count - 1) % hosts.count
    let line = HeartbeatLine(to: (rank + 1) % hosts.count, from: before, ring, mpi)
    Thread { [self] in
      let end = try? beat(line, limit: watch.limit)
      if end == .silence { watch.onSilence(before, hosts[before]) }
      // Nor may a library that fails here leave this rank to be taken for a frozen one.
      if end != .both { line.abort(code: watch.exitCode) }
      ended.signal()
    }.start()
  }

  /// Says the last word and waits for that of the rank before, which leaves too.
  func end() {
    isEnding.store(true, ordering: .relaxed)
    ended.wait()
  }

  private enum End { case both, silence }

  private func beat(_ line: HeartbeatLine, limit: Double) throws(CommunicationError) -> End {
    let start = ContinuousClock.now
    var (heard, looked, said) = (0.0, 0.0, -Self.interval)
    var (hasHeardLast, hasSaidLast) = (false, false)
    while true {
      let now = (ContinuousClock.now - start) / .seconds(1)
      // Who was frozen itself, with its whole job perhaps, has missed nothing yet.
      if now - looked > 2 { heard = now }
      looked = now
      while !hasHeardLast, let word = try line.listen() {
        heard = now
        hasHeardLast = word == .last
      }
      let canSpeak = try line.isSent()
      if hasHeardLast, hasSaidLast, canSpeak { return .both }
      if !hasHeardLast, now - heard > limit { return .silence }
      let word: HeartbeatLine.Word =
        isEnding.load(ordering: .relaxed) ? .last : .alive
      if canSpeak, !hasSaidLast, word == .last || now - said >= Self.interval {
        try line.say(word)
        (said, hasSaidLast) = (now, word == .last)
      }
      usleep(word == .last ? 1000 : 50_000)
    }
  }
}
#endif
