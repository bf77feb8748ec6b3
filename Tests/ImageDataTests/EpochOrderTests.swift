import ImageData
import Randomness
import Testing

@Suite struct EpochOrderTests {
  /// Takes batches of the given sizes, over and over, until the epoch ends.
  private func batches(_ order: EpochOrder, _ sizes: [Int]) -> [[Int]] {
    var order = order
    var batches: [[Int]] = []
    while let batch = order.next(sizes[batches.count % sizes.count]) {
      batches.append(Array(batch))
    }
    return batches
  }

  @Test(
    "batches of changing sizes show every image once, in the epoch's order",
    arguments: [[1], [128], [1, 2, 4, 8], [100, 1], [7, 900], [1000], [5000]])
  func complete(sizes: [Int]) {
    let order = EpochOrder(imageCount: 1000, seed: 20, epoch: 3)
    let batches = batches(order, sizes)
    #expect(batches.flatMap { $0 } == permutation(of: 1000, seed: 20, epoch: 3))
    #expect(batches.dropLast().enumerated().allSatisfy { $1.count == sizes[$0 % sizes.count] })
  }

  @Test("the last batch is short, or dropped")
  func last() {
    let kept = EpochOrder(imageCount: 10, seed: 1, epoch: 0)
    #expect(batches(kept, [4]).map(\.count) == [4, 4, 2])
    let dropped = EpochOrder(imageCount: 10, seed: 1, epoch: 0, dropLast: true)
    #expect(batches(dropped, [4]).map(\.count) == [4, 4])
    #expect(batches(dropped, [5]).map(\.count) == [5, 5])
    #expect(batches(dropped, [11]).isEmpty)
    #expect(batches(dropped, [4]) == Array(batches(kept, [4]).prefix(2)))
  }

  @Test("an interrupted epoch goes on where it was", arguments: [0, 1, 6, 10])
  func resume(position: Int) {
    let whole = batches(EpochOrder(imageCount: 10, seed: 1, epoch: 4), [1]).flatMap { $0 }
    var order = EpochOrder(imageCount: 10, seed: 1, epoch: 4, position: position)
    #expect((order.position, order.remainingCount) == (position, 10 - position))
    #expect(order.next(100).map(Array.init) ?? [] == Array(whole[position...]))
    #expect((order.position, order.next(1)) == (10, nil))
  }

  @Test("epochs and seeds have orders of their own, and testing has none")
  func orders() {
    let order = batches(EpochOrder(imageCount: 100, seed: 1, epoch: 0), [100])
    #expect(order != batches(EpochOrder(imageCount: 100, seed: 1, epoch: 1), [100]))
    #expect(order != batches(EpochOrder(imageCount: 100, seed: 2, epoch: 0), [100]))
    #expect(batches(EpochOrder(sequential: 5), [2]) == [[0, 1], [2, 3], [4]])
  }

  @Test("an epoch without images ends at once")
  func empty() {
    #expect(batches(EpochOrder(imageCount: 0, seed: 1, epoch: 0), [4]).isEmpty)
  }
}
