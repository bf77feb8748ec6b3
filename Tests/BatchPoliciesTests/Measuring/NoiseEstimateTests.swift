import BatchPolicies
import Testing

@Suite("The noise of a gradient")
struct NoiseEstimateTests {
  private let problem = ModelProblem()

  @Test(
    "is found without bias, also in micro-batches of several sizes",
    arguments: [[8, 8], [4, 4, 4, 4], [8, 8, 3], [1, 1, 1, 1, 1, 2], [16, 1]])
  func unbiased(sizes: [Int]) throws {
    let estimate = try #require(NoiseEstimate(problem.updates(20_000, of: sizes, seed: 1)))
    // Of 20,000 updates: their scatter is a few percent at most.
    #expect(abs(estimate.variance / problem.variance - 1) < 0.03, "\(estimate.variance)")
    #expect(
      abs(estimate.squaredGradient / problem.squaredGradient - 1) < 0.03,
      "\(estimate.squaredGradient)")
    #expect(abs(estimate.noiseScale.value / problem.noiseScale - 1) < 0.05)
  }

  @Test("does not depend on how many images are in an update")
  func anyBatch() throws {
    var random = Random(state: 4)
    let mixed = (0..<6000).map { index in
      problem.update(Array(repeating: 4, count: 2 + index % 7), &random)
    }
    let estimate = try #require(NoiseEstimate(mixed))
    #expect(abs(estimate.noiseScale.value / problem.noiseScale - 1) < 0.05)
  }

  @Test("lies within its interval in about 95 of 100 windows", arguments: [12, 40])
  func coverage(updates: Int) throws {
    var (inside, bounded, widths) = (0, 0, 0.0)
    for trial in 0..<1000 {
      let window = problem.updates(updates, of: [4, 4, 4, 4], seed: UInt64(1000 * updates + trial))
      let estimate = try #require(NoiseEstimate(window))
      guard let interval = estimate.noiseScale.interval else { continue }
      bounded += 1
      widths += interval.upperBound - interval.lowerBound
      if interval.contains(problem.noiseScale) { inside += 1 }
    }
    #expect(bounded > 700)
    let share = Double(inside) / Double(bounded)
    #expect((0.90...0.99).contains(share), "\(share) of \(bounded)")
    // The control: an interval that is half as wide would not hold so often.
    #expect(widths / Double(bounded) > 0.5)
  }

  @Test("has no bounds where the gradient may be 0")
  func unbounded() throws {
    let noise = ModelProblem(gradient: [0, 0, 0, 0])
    var without = 0
    for seed in 0..<50 {
      let estimate = try #require(NoiseEstimate(noise.updates(20, of: [2, 2], seed: UInt64(seed))))
      if estimate.noiseScale.interval == nil { without += 1 }
    }
    #expect(without > 40)
  }

  @Test("is not known from few updates, or from updates of one micro-batch")
  func few() {
    #expect(NoiseEstimate(problem.updates(7, of: [4, 4], seed: 1)) == nil)
    #expect(NoiseEstimate(problem.updates(8, of: [4, 4], seed: 1)) != nil)
    let unmeasured = Array(repeating: UpdateSignals(images: 8, loss: 1), count: 50)
    #expect(NoiseEstimate(unmeasured) == nil)
    #expect(NoiseEstimate(unmeasured + problem.updates(8, of: [4, 4], seed: 1)) != nil)
  }

  @Test("has the interval that Fieller's theorem gives by hand")
  func fieller() throws {
    // Two micro-batches of 1 image: V = 2·(S − M), G² = 2·M − S. Chosen so that G² is 1 and 3 in
    // turns and V is 4 throughout: x̄ = 2, sxx = 8/7, n = 8, t(7) = 2.3646.
    let updates = (0..<8).map { index in
      let (gradient, variance) = (index % 2 == 0 ? 1.0 : 3.0, 4.0)
      return UpdateSignals(
        images: 2, loss: 1,
        gradients: GradientNorms(
          microBatches: 2, meanOfSquares: gradient + variance,
          squareOfMean: gradient + variance / 2))
    }
    let interval = try #require(NoiseEstimate(updates)?.noiseScale.interval)
    // y/(x̄ ± t·√(sxx/n)) where y does not scatter.
    let half = 2.3646 * (8.0 / 7 / 8).squareRoot()
    #expect(abs(interval.lowerBound - 4 / (2 + half)) < 1e-3)
    #expect(abs(interval.upperBound - 4 / (2 - half)) < 1e-3)
  }
}
