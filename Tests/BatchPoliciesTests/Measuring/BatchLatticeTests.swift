import BatchPolicies
import Testing

@Suite("The sizes that are measured for")
struct BatchLatticeTests {
  @Test(
    "are the initial one, times and over the factor, rounded down, within the limits",
    arguments: [
      (128, 2.0, 32...1000, [32, 64, 128, 256, 512]),
      (100, 1.5, 40...400, [44, 66, 100, 150, 225, 337]),
      (5, 1.5, 1...12, [1, 2, 3, 5, 7, 10]),
      (64, 4, 64...1024, [64, 256, 1024]),
    ])
  func sizes(initial: Int, factor: Double, limits: ClosedRange<Int>, sizes: [Int]) throws {
    #expect(try BatchLattice(initial: initial, factor: factor, limits: limits).sizes == sizes)
  }

  @Test("end where numbers do, instead of overflowing")
  func enormous() throws {
    let doubling = try BatchLattice(initial: 128, factor: 2, limits: 128...(.max))
    #expect(doubling.sizes.last == 1 << 62)
    let error = #expect(throws: PolicyError.self) {
      try BatchLattice(initial: 128, factor: 1e300, limits: 128...2048)
    }
    #expect(error?.setting == "maximumBatchSize")
    #expect(error?.code == .neverGrows)
  }

  @Test(
    "need a factor that leads to another size",
    arguments: [(128, 1.0), (128, 0.5), (3, 1.25), (128, .infinity), (128, .nan)])
  func idle(initial: Int, factor: Double) {
    let error = #expect(throws: PolicyError.self) {
      try BatchLattice(initial: initial, factor: factor, limits: 1...1_000_000)
    }
    #expect(error?.setting == "growthFactor")
    #expect(error?.code == .neverGrows)
  }

  @Test("say the first growth where the limit is below it")
  func first() {
    let error = #expect(throws: PolicyError.self) {
      try BatchLattice(initial: 128, factor: 2, limits: 128...200)
    }
    #expect(
      error?.description == """
        maximumBatchSize is 200, but needs to be 256 or more, the first growth
          fix: raise the limit, or lower the growth factor
        """)
  }
}
