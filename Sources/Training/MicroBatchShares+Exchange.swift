// What the shares of an update mean for its gradients.
extension MicroBatchShares {
  /// What a rank sends to the others and gets from them, so that the owner of each part of the
  /// gradient has all sums of it.
  package struct Exchange {
    package let sent: (messages: Int, elements: Int)
    package let received: (messages: Int, elements: Int)
  }

  /// Of every rank, for a gradient of `count` elements.
  package func exchanges(of count: Int) -> [Exchange] {
    let parts = GradientExchange<Float>.parts(of: count, ranks: ranks).map(\.count)
    let nodes = all.map { SumTree.nodes(of: $0).count }
    let allNodes = nodes.reduce(0, +)
    return zip(nodes, parts).map { nodes, part in
      Exchange(
        sent: (nodes * (ranks - 1), nodes * (count - part)),
        received: (allNodes - nodes, (allNodes - nodes) * part))
    }
  }

  /// Gradients that the rank which needs the most holds at once: the next one, and those of
  /// complete nodes that wait for their neighbour.
  package var gradientBuffers: Int { all.map(Self.gradientBuffers(of:)).max() ?? 1 }

  private static func gradientBuffers(of stretch: Range<Int>) -> Int {
    var tree = SumTree<Void>()
    var most = 1
    for leaf in stretch {
      most = max(most, tree.nodes.count + 1)
      tree.add(leaf..<leaf + 1, ()) { _, _ in }
    }
    return most
  }
}
