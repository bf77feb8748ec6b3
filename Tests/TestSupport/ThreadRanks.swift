import Communication
import Foundation

/// Ranks that are threads of one process, for tests that want many and quickly.
package final class ThreadCommunicator: Communicator, @unchecked Sendable {
  package let rank: Int
  package let hosts: [String]
  package let library: String? = nil
  package private(set) var traffic = Traffic()
  private let post: Post

  fileprivate init(rank: Int, hosts: [String], _ post: Post) {
    (self.rank, self.hosts, self.post) = (rank, hosts, post)
  }

  package func exchange(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CommunicationError) {
    for (other, bytes) in sends {
      post.send(Data(bytes), from: rank, to: other)
      traffic.messages += 1
      traffic.bytes += bytes.count
    }
    for (other, bytes) in receives {
      let data = try post.receive(from: other, to: rank)
      precondition(data.count == bytes.count, "a message of another size than was waited for")
      data.copyBytes(to: bytes)
    }
  }

  package func gather(
    _ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>]
  ) throws(CommunicationError) {
    let others = hosts.indices.filter { $0 != rank }
    let own = UnsafeRawBufferPointer(rebasing: bytes[parts[rank]])
    try exchange(
      sends: own.isEmpty ? [] : others.map { ($0, own) },
      receives: others.filter { !parts[$0].isEmpty }.map {
        ($0, UnsafeMutableRawBufferPointer(rebasing: bytes[parts[$0]]))
      })
  }

  package func openBoard() -> NoteBoard { post.board(of: rank) }

  package func notice(_ watch: RankWatch) {}

  package func leave() {}

  package func abort(code: Int32) -> Never { fatalError("rank \(rank) aborts with \(code)") }
}

/// Messages under way.
private final class Post: @unchecked Sendable {
  private let condition = NSCondition()
  private let rankCount: Int
  private var letters: [[Int]: [Data]] = [:]
  /// A rank that asks late finds what was sent before.
  private var boards: [Int: NoteBoard] = [:]

  func board(of rank: Int) -> NoteBoard {
    condition.withLock { madeBoard(of: rank) }
  }

  private func madeBoard(of rank: Int) -> NoteBoard {
    if let board = boards[rank] { return board }
    let board = NoteBoard { [self] letter in
      let others = condition.withLock {
        (0..<rankCount).filter { $0 != rank }.map { madeBoard(of: $0) }
      }
      others.forEach { $0.take(letter) }
    }
    boards[rank] = board
    return board
  }

  init(rankCount: Int) { self.rankCount = rankCount }

  func send(_ data: Data, from: Int, to: Int) {
    condition.withLock {
      letters[[from, to], default: []].append(data)
      condition.broadcast()
    }
  }

  func receive(from: Int, to: Int) throws(CommunicationError) -> Data {
    let limit = Date(timeIntervalSinceNow: 60)
    condition.lock()
    defer { condition.unlock() }
    while letters[[from, to], default: []].isEmpty {
      guard condition.wait(until: limit) else {
        throw CommunicationError(
          .broken, problem: "rank \(to) waits for rank \(from)", fix: "find out what it does")
      }
    }
    return letters[[from, to], default: []].removeFirst()
  }
}

/// Runs `body` as each of so many ranks, and returns what it came to, in their order.
package func onRanks<Value>(
  _ count: Int, _ body: @escaping @Sendable (Ranks) throws -> Value
) -> [Result<Value, any Error>] {
  let post = Post(rankCount: count)
  let results = Results<Value>()
  let hosts = (0..<count).map { "host\($0)" }
  let threads = (0..<count).map { rank in
    Thread {
      let ranks = Ranks(ThreadCommunicator(rank: rank, hosts: hosts, post))
      results.add(rank, Result { try body(ranks) })
    }
  }
  for thread in threads {
    thread.stackSize = 8 << 20
    thread.start()
  }
  return results.wait(for: count)
}

private final class Results<Value>: @unchecked Sendable {
  private let condition = NSCondition()
  private var values: [Int: Result<Value, any Error>] = [:]

  func add(_ rank: Int, _ result: Result<Value, any Error>) {
    condition.withLock {
      values[rank] = result
      condition.broadcast()
    }
  }

  func wait(for count: Int) -> [Result<Value, any Error>] {
    condition.withLock {
      while values.count < count { condition.wait() }
      return values.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}
