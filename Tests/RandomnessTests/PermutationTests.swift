import Randomness
import Testing

@Suite struct PermutationTests {
  @Test("an order holds every number once", arguments: [0, 1, 2, 3, 10, 1000])
  func complete(count: Int) {
    #expect(permutation(of: count, seed: 20, epoch: 5).sorted() == Array(0..<count))
  }

  @Test("a seed means the same order for ever")
  func golden() {  // Scripts/golden/random_streams.py
    #expect(permutation(of: 10, seed: 20, epoch: 0) == [8, 7, 1, 9, 0, 5, 4, 6, 3, 2])
    #expect(permutation(of: 10, seed: 20, epoch: 1) == [3, 4, 5, 9, 8, 1, 7, 6, 2, 0])
  }

  @Test("all 24 orders of four numbers are equally likely over the epochs")
  func uniform() {
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<24_000 { counts[permutation(of: 4, seed: 3, epoch: epoch), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 5 * 31 })
  }
}
