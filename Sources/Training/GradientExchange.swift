import Communication
import Executors

/// Adds up the gradients of several ranks along ``SumTree``, to the bits that one rank would get.
///
/// Every rank owns a part of the parameters. Each sends its nodes' sums of a part to the part's
/// owner, who joins them as the tree says, and the sums of all parts are gathered. A rank with one
/// node sends what the best of allreduces does, 2·(R−1)/R gradients of R ranks; one with k nodes
/// sends (k+1)·(R−1)/R.
package struct GradientExchange<Scalar: TensorScalar> {
  private let count: Int
  private let executor: any Executor<Scalar>
  /// Sums of other ranks' nodes, of the part that this rank owns.
  private var received: [Buffer<Scalar>] = []

  /// - Parameters:
  ///   - count: elements of a gradient.
  ///   - executor: whose threads add.
  package init(count: Int, _ executor: any Executor<Scalar>) {
    self.count = count
    self.executor = executor
  }

  /// The sum of all that the ranks have added to theirs, which start anew.
  ///
  /// - Throws: `CommunicationError`.
  package mutating func sum(
    _ own: inout GradientSum<Scalar>, _ shares: MicroBatchShares, _ ranks: Ranks
  ) throws -> Buffer<Scalar> {
    let parts = Self.parts(of: count, ranks: ranks.count)
    let part = parts[ranks.own]
    let nodes = own.takeNodes()
    let joined = join(try swap(nodes, shares, ranks, parts), part.count)
    let result = nodes.first?.sum ?? own.takeBuffer()
    nodes.dropFirst().forEach { own.recycle($0.sum) }
    let target = result.pointer + part.lowerBound
    if joined != target { target.update(from: joined, count: part.count) }
    try ranks.gather(result.storage, parts: parts)
    return result
  }

  /// The parameters that each rank owns.
  static func parts(of count: Int, ranks: Int) -> [Range<Int>] {
    (0..<ranks).map { count * $0 / ranks..<count * ($0 + 1) / ranks }
  }

  private typealias Piece = (leaves: Range<Int>, sum: UnsafeMutablePointer<Scalar>)

  /// Sends each node's sum of a part to the part's owner.
  ///
  /// - Returns: the sums of this rank's part, of all nodes in the order of micro-batches.
  private mutating func swap(
    _ own: [(leaves: Range<Int>, sum: Buffer<Scalar>)], _ shares: MicroBatchShares, _ ranks: Ranks,
    _ parts: [Range<Int>]
  ) throws(CommunicationError) -> [Piece] {
    let part = parts[ranks.own]
    var pieces: [Piece] = []
    var sends: [(rank: Int, bytes: UnsafeRawBufferPointer)] = []
    var receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)] = []
    for rank in 0..<ranks.count {
      if rank == ranks.own {
        pieces += own.map { ($0.leaves, $0.sum.pointer + part.lowerBound) }
        continue
      }
      for node in own { sends.append((rank, bytes(node.sum, parts[rank]))) }
      for leaves in SumTree.nodes(of: shares[rank]) {
        let buffer = receiveBuffer(receives.count, part.count)
        pieces.append((leaves, buffer.pointer))
        receives.append((rank, UnsafeMutableRawBufferPointer(buffer.storage)))
      }
    }
    try ranks.communicator.exchange(sends: sends, receives: receives)
    return pieces
  }

  private func bytes(_ buffer: Buffer<Scalar>, _ part: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer.storage[part]))
  }

  private mutating func receiveBuffer(_ index: Int, _ count: Int) -> Buffer<Scalar> {
    if index == received.count { received.append(Buffer(repeating: 0, count: count)) }
    return received[index]
  }

  /// Joins neighbours as the tree says; the sum is where the first of them was.
  private func join(_ pieces: [Piece], _ count: Int) -> UnsafeMutablePointer<Scalar> {
    var tree = SumTree<UnsafeMutablePointer<Scalar>>()
    func add(
      _ left: UnsafeMutablePointer<Scalar>, _ right: UnsafeMutablePointer<Scalar>
    ) -> UnsafeMutablePointer<Scalar> {
      executor.add(right, to: left, count: count)
      return left
    }
    for piece in pieces { tree.add(piece.leaves, piece.sum, join: add) }
    guard let sum = tree.finish(join: add) else { preconditionFailure("an update without images") }
    return sum
  }
}
