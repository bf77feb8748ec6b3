import BatchPolicies
import Testing

@Suite("The interval of a noise scale")
struct NoiseIntervalTests {
  private typealias Noise = (variance: Double, gradient: Double)

  /// So many noises, the gradient's squared length being 5, 6 and 7 in turns.
  private func noises(_ count: Int, variance: (Double) -> Double) -> [Noise] {
    (0..<count).map { (variance(Double($0)), Double(5 + $0 % 3)) }
  }

  /// Updates of two images in two micro-batches with V and G² as given.
  private func updates(_ noises: [Noise]) -> [UpdateSignals] {
    noises.map { variance, gradient in
      UpdateSignals(
        images: 2, loss: 1,
        gradients: GradientNorms(
          microBatches: 2, meanOfSquares: gradient + variance, squareOfMean: gradient + variance / 2
        ))
    }
  }

  @Test("is what is left of all ratios when each is tested by Student's t")
  func everyRatio() throws {
    // V and G² scatter, and together: the general case. t(7) of the tables is 2.3646.
    let noises = noises(8) { 40 + ($0 - 3) * ($0 - 3) }
    let scale = try #require(NoiseEstimate(updates(noises))?.noiseScale)
    let kept = stride(from: 0.0, through: 30, by: 0.001).filter { ratio in
      let rest = noises.map { $0.variance - ratio * $0.gradient }
      let mean = rest.reduce(0, +) / 8
      let square = rest.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 7
      return abs(mean) <= 2.3646 * (square / 8).squareRoot()
    }
    let (low, high) = (try #require(kept.first), try #require(kept.last))
    #expect(abs(try #require(scale.lower) - low) < 0.002 * low)
    #expect(abs(try #require(scale.upper) - high) < 0.002 * high)
  }

  @Test("has a lower end alone where the gradient may be 0 and the noise may not")
  func halfOpen() throws {
    let noises: [Noise] = (0..<8).map { (40, $0.isMultiple(of: 2) ? 4 : -3) }
    let scale = try #require(NoiseEstimate(updates(noises))?.noiseScale)
    #expect(scale.value == 80)
    let lower = try #require(scale.lower)
    // 40 over the largest mean that G² can have.
    let largest = 0.5 + 2.3646 * (8 * 3.5 * 3.5 / 7 / 8).squareRoot()
    #expect(abs(lower - 40 / largest) < 0.002 * lower)
    #expect(scale.upper == nil && scale.interval == nil)
    let reading = NoiseScale().reading(
      Signals(batch: 64, updates: updates(noises)),
      try BatchLattice(initial: 64, factor: 2, limits: 16...1024))
    #expect(reading.text == "noise scale 80 (11–∞)")
    #expect(reading.evidence.lower == lower && reading.evidence.upper == nil)
    #expect(reading.wish == .none("an interval of ± 50 % is needed, and it has no bounds"))
  }

  @Test("does not come from gradients that overflowed, nor from a single micro-batch")
  func unusable() throws {
    let sound = updates(noises(8) { _ in 40 })
    let norms = [
      GradientNorms(microBatches: 1, meanOfSquares: 3, squareOfMean: 3),
      GradientNorms(microBatches: 2, meanOfSquares: .infinity, squareOfMean: .infinity),
      GradientNorms(microBatches: 2, meanOfSquares: .nan, squareOfMean: 1),
    ]
    let spoiled = norms.map { UpdateSignals(images: 2, loss: 1, gradients: $0) }
    #expect(NoiseEstimate(sound + spoiled) == NoiseEstimate(sound))
    #expect(NoiseEstimate(Array(sound.prefix(7)) + spoiled) == nil)
  }

  @Test("is nothing where numbers end, instead of a trap")
  func enormous() throws {
    for power in [1e150, 1e200, 1e300] {
      let noises = noises(9) { power * $0 }
      let scale = try #require(NoiseEstimate(updates(noises))?.noiseScale)
      let evidence = try policy(NoiseScale()).decision(
        for: Signals(batch: 64, updates: updates(noises))
      ).evidence
      #expect(scale.upper?.isFinite ?? true)
      #expect(evidence?.lower?.isFinite ?? true)
    }
  }

  @Test("is of no use where the gradient is measured as less than nothing")
  func negative() throws {
    let noises: [Noise] = noises(8) { _ in 40 }.map { ($0.variance, -$0.gradient) }
    let decision = try policy(NoiseScale(maxInterval: 1e9), coupling: .adascale)
      .decision(for: Signals(batch: 64, factor: 0.5, updates: updates(noises)))
    #expect(decision.batchSize == 64 && decision.learningRateFactor == 0.5)
    #expect(decision.evidence?.value == nil && decision.evidence?.upper == nil)
  }
}
