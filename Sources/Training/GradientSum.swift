import Executors

/// The weighted sum of the gradients of an update's micro-batches, added up by a binary tree.
///
/// The shape of the tree follows from the number of micro-batches alone: neighbours are joined in
/// pairs, pairs in fours, and what is left over at the end from the right. So the sum has the same
/// bits however the micro-batches are spread over time or ranks, and rounding grows with the
/// logarithm of their number.
package struct GradientSum<Scalar: TensorScalar> {
  private let count: Int
  private let executor: any Executor<Scalar>
  /// Sums of complete subtrees, larger ones first, and how many micro-batches each holds.
  private var subtrees: [(leaves: Int, sum: Buffer<Scalar>)] = []
  private var spare: [Buffer<Scalar>] = []

  /// - Parameters:
  ///   - count: elements of a gradient.
  ///   - executor: whose threads add.
  package init(count: Int, _ executor: any Executor<Scalar>) {
    self.count = count
    self.executor = executor
  }

  /// Buffers that an update of so many micro-batches needs: one for the next gradient, and one for
  /// each complete subtree that waits for its neighbour.
  package static func bufferCount(microBatches: Int) -> Int {
    Int.bitWidth - max(1, microBatches).leadingZeroBitCount
  }

  /// A buffer for the next gradient, of arbitrary content.
  package mutating func takeBuffer() -> Buffer<Scalar> {
    spare.popLast() ?? Buffer(repeating: 0, count: count)
  }

  /// Adds `weight` times `gradient`, which belongs to the sum from here on.
  package mutating func add(_ gradient: Buffer<Scalar>, weight: Scalar) {
    // A single micro-batch has weight 1, and multiplying by 1 changes no bit.
    if weight != 1 { scale(gradient, by: weight) }
    subtrees.append((1, gradient))
    while lastTwoAreAlike { joinLastTwo() }
  }

  /// The sum of all that was added, which starts anew.
  ///
  /// Give the buffer back with ``recycle(_:)``.
  package mutating func finish() -> Buffer<Scalar> {
    while subtrees.count > 1 { joinLastTwo() }
    guard let sum = subtrees.popLast()?.sum else { preconditionFailure("an update without images") }
    return sum
  }

  package mutating func recycle(_ buffer: Buffer<Scalar>) { spare.append(buffer) }

  /// Forgets what was added to an update that will not be finished.
  package mutating func abandon() {
    spare += subtrees.map(\.sum)
    subtrees.removeAll()
  }

  private var lastTwoAreAlike: Bool {
    let last = subtrees.suffix(2)
    return last.count == 2 && last.first?.leaves == last.last?.leaves
  }

  private mutating func joinLastTwo() {
    let right = subtrees.removeLast()
    let left = subtrees.removeLast()
    let (target, source) = (left.sum.pointer, right.sum.pointer)
    executor.divide(count) { part in
      for index in part { target[index] += source[index] }
    }
    spare.append(right.sum)
    subtrees.append((left.leaves + right.leaves, left.sum))
  }

  private func scale(_ gradient: Buffer<Scalar>, by factor: Scalar) {
    let numbers = gradient.pointer
    executor.divide(count) { part in
      for index in part { numbers[index] *= factor }
    }
  }
}
