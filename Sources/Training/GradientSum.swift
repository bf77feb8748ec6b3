import Executors

/// The weighted sum of the gradients of an update's micro-batches, added up along ``SumTree``.
///
/// So the sum has the same bits however the micro-batches are spread over time or ranks, and
/// rounding grows with the logarithm of their number.
package struct GradientSum<Scalar: TensorScalar> {
  private let count: Int
  private let executor: any Executor<Scalar>
  private var tree = SumTree<Buffer<Scalar>>()
  /// The next micro-batch's number in its update.
  private var next = 0
  private var spare: [Buffer<Scalar>] = []

  /// - Parameters:
  ///   - count: elements of a gradient.
  ///   - executor: whose threads add.
  package init(count: Int, _ executor: any Executor<Scalar>) {
    self.count = count
    self.executor = executor
  }

  /// Starts an update at its micro-batch of that number; what was added before is forgotten.
  package mutating func begin(at first: Int = 0) {
    spare += tree.takeNodes().map(\.sum)
    next = first
  }

  /// A buffer for the next gradient, of arbitrary content.
  package mutating func takeBuffer() -> Buffer<Scalar> {
    spare.popLast() ?? Buffer(repeating: 0, count: count)
  }

  /// Adds `weight` times `gradient`, which belongs to the sum from here on.
  package mutating func add(_ gradient: Buffer<Scalar>, weight: Scalar) {
    // A single micro-batch has weight 1, and multiplying by 1 changes no bit.
    if weight != 1 { scale(gradient, by: weight) }
    let leaf = next..<next + 1
    joining { tree, join in tree.add(leaf, gradient, join: join) }
    next += 1
  }

  /// The sum of all that was added, which starts anew.
  ///
  /// Give the buffer back with ``recycle(_:)``.
  package mutating func finish() -> Buffer<Scalar> {
    defer { next = 0 }
    let sum = joining { tree, join in tree.finish(join: join) }
    guard let sum else { preconditionFailure("an update without images") }
    return sum
  }

  /// The sums of the tree's nodes that were completed, to be joined elsewhere.
  mutating func takeNodes() -> [(leaves: Range<Int>, sum: Buffer<Scalar>)] { tree.takeNodes() }

  package mutating func recycle(_ buffer: Buffer<Scalar>) { spare.append(buffer) }

  /// Changes the tree, with what joins two neighbours in the left one's buffer.
  private mutating func joining<Result>(
    _ body: (
      inout SumTree<Buffer<Scalar>>, _ join: (Buffer<Scalar>, Buffer<Scalar>) -> Buffer<Scalar>
    ) -> Result
  ) -> Result {
    var free: [Buffer<Scalar>] = []
    defer { spare += free }
    return body(&tree) { [executor, count] left, right in
      executor.add(right.pointer, to: left.pointer, count: count)
      free.append(right)
      return left
    }
  }

  private func scale(_ gradient: Buffer<Scalar>, by factor: Scalar) {
    let numbers = gradient.pointer
    executor.divide(count) { part in
      for index in part { numbers[index] *= factor }
    }
  }
}

extension Executor {
  /// Adds a flat buffer to another one.
  func add(
    _ source: UnsafeMutablePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    divide(count) { part in
      for index in part { target[index] += source[index] }
    }
  }
}
