/// A sum along a binary tree whose shape follows from the number of its leaves alone.
///
/// Neighbours are joined in pairs, pairs in fours, and what is left over at the end from the right.
/// Leaves are an update's micro-batches; a node is the range of those below it. Parts of the tree
/// that were summed elsewhere are added as nodes, so the bits do not tell who added what.
package struct SumTree<Sum> {
  /// The largest complete nodes so far, first to last.
  private(set) var nodes: [(leaves: Range<Int>, sum: Sum)] = []

  /// Adds the node behind the last one.
  ///
  /// - Parameter join: the sum of two neighbours, the left one first.
  mutating func add(_ leaves: Range<Int>, _ sum: Sum, join: (Sum, Sum) -> Sum) {
    nodes.append((leaves, sum))
    while lastTwoAreSiblings { joinLastTwo(join) }
  }

  /// The sum of all; nil of none.
  mutating func finish(join: (Sum, Sum) -> Sum) -> Sum? {
    while nodes.count > 1 { joinLastTwo(join) }
    return nodes.popLast()?.sum
  }

  /// Takes all nodes out.
  mutating func takeNodes() -> [(leaves: Range<Int>, sum: Sum)] {
    defer { nodes.removeAll() }
    return nodes
  }

  /// Two neighbours have one parent, whatever comes after them, when they are equally large and
  /// the left one is at an even place among its like.
  private var lastTwoAreSiblings: Bool {
    guard nodes.count >= 2 else { return false }
    let (left, right) = (nodes[nodes.count - 2].leaves, nodes[nodes.count - 1].leaves)
    return left.count == right.count && left.lowerBound.isMultiple(of: 2 * left.count)
  }

  private mutating func joinLastTwo(_ join: (Sum, Sum) -> Sum) {
    let right = nodes.removeLast()
    let left = nodes.removeLast()
    nodes.append((left.leaves.lowerBound..<right.leaves.upperBound, join(left.sum, right.sum)))
  }
}

extension SumTree<Void> {
  /// The largest nodes that make up a stretch of leaves, first to last.
  package static func nodes(of stretch: Range<Int>) -> [Range<Int>] {
    var tree = SumTree()
    for index in stretch { tree.add(index..<index + 1, ()) { _, _ in } }
    return tree.nodes.map(\.leaves)
  }
}
