/// Places blocks of memory in one arena so that blocks which are never needed together share it.
///
/// Greedy, largest first, each at the lowest place that is free while it lives: the offset
/// calculation known from inference engines (Pisarchyk and Lee 2020, arXiv:2001.03288, "greedy by
/// size"), which comes within a few percent of the largest sum of blocks alive at one time.
public struct MemoryPlan: Sendable, Equatable {
  /// A block that lives from one step of a program to a later one, both included.
  public struct Block: Sendable, Equatable {
    public let bytes: Int
    public let life: ClosedRange<Int>

    public init(bytes: Int, life: ClosedRange<Int>) {
      self.bytes = bytes
      self.life = life
    }
  }

  /// Where each block starts, in the order in which they were given.
  public let offsets: [Int]
  /// Size of the arena.
  public let bytes: Int

  /// - Parameter alignment: every offset is a multiple of it.
  /// - Complexity: O(n²) in the number of blocks.
  public init(_ blocks: [Block], alignment: Int = 64) {
    var offsets = Array(repeating: 0, count: blocks.count)
    var placed: [Int] = []
    let order = blocks.indices.sorted {
      (blocks[$1].bytes, $0) < (blocks[$0].bytes, $1)
    }
    for index in order {
      let neighbours = placed.filter { blocks[$0].life.overlaps(blocks[index].life) }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for neighbour in neighbours where offset + blocks[index].bytes > offsets[neighbour] {
        offset = max(offset, offsets[neighbour] + blocks[neighbour].bytes.rounded(to: alignment))
      }
      offsets[index] = offset
      placed.append(index)
    }
    self.offsets = offsets
    bytes = zip(offsets, blocks).map { $0 + $1.bytes.rounded(to: alignment) }.max() ?? 0
  }
}

extension Int {
  /// The next multiple of `step`.
  func rounded(to step: Int) -> Int { (self + step - 1) / step * step }
}
