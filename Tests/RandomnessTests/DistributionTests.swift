import Randomness
import Testing

/// Bounds are five deviations of what is counted; seeds are fixed, so nothing here is by chance.
@Suite struct DistributionTests {
  @Test("uniform draws fill [0, 1) evenly, down to the 53rd bit")
  func uniform() {
    var stream = RandomStream(seed: 7, purpose: .crop)
    var tenths = Array(repeating: 0, count: 10)
    var lastBits = 0
    for _ in 0..<100_000 {
      let draw = stream.uniform()
      #expect(draw >= 0 && draw < 1)
      tenths[Int(draw * 10)] += 1
      lastBits += Int(draw * 0x1p53) & 1
    }
    #expect(tenths.allSatisfy { abs($0 - 10_000) < 5 * 95 })
    #expect(abs(lastBits - 50_000) < 5 * 158)
  }

  @Test("every whole number below a bound is equally likely", arguments: [1, 2, 3, 9, 1000])
  func integers(bound: Int) {
    var stream = RandomStream(seed: 7, purpose: .crop)
    var counts = Array(repeating: 0, count: bound)
    for _ in 0..<(1000 * bound) { counts[stream.integer(below: bound)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1000) < 5 * 32 })
  }

  @Test("a bound of 3 · 2³⁰ is unbiased too; a plain remainder would favour its first third")
  func largeBound() {
    var stream = RandomStream(seed: 7, purpose: .crop)
    var thirds = Array(repeating: 0, count: 3)
    for _ in 0..<30_000 { thirds[stream.integer(below: 3 << 30) >> 30] += 1 }
    #expect(thirds.allSatisfy { abs($0 - 10_000) < 5 * 82 })
  }

  @Test("normal draws have the normal distribution's moments and tails")
  func normal() {
    var stream = RandomStream(seed: 7, purpose: .initialWeights)
    let draws = (0..<100_000).map { _ in stream.normal() }
    func moment(_ power: Int) -> Double {
      draws.map { draw in (0..<power).reduce(1) { product, _ in product * draw } }
        .reduce(0, +) / Double(draws.count)
    }
    #expect(abs(moment(1)) < 5 * 0.0032)
    #expect(abs(moment(2) - 1) < 5 * 0.0045)
    #expect(abs(moment(3)) < 5 * 0.0122)
    #expect(abs(moment(4) - 3) < 5 * 0.031)
    #expect(abs(draws.count { $0 > 2 } - 2275) < 5 * 47)
    // The two draws of a pair are independent.
    let products = stride(from: 0, to: draws.count, by: 2).map { draws[$0] * draws[$0 + 1] }
    #expect(abs(products.reduce(0, +) / Double(products.count)) < 5 * 0.0045)
  }
}
