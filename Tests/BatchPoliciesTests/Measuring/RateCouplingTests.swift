import BatchPolicies
import Testing

@Suite("The rate that goes with a measured size")
struct RateCouplingTests {
  @Test(
    "follows the batch",
    arguments: [
      (RateCoupling.none, 256, 1.0), (.decay, 256, 0.75 * 0.75), (.linear, 256, 4),
      (.sqrt, 256, 2), (.decay, 32, 1 / 0.75), (.linear, 32, 0.5), (.sqrt, 16, 0.5),
      (.none, 64, 1), (.decay, 64, 1), (.adascale, 256, 1),
    ])
  func table(coupling: RateCoupling, size: Int, factor: Double) throws {
    let wanted = size > 64 ? Double(size) * 1.2 : Double(size)
    let decision = try policy(MeasuredBatchTests.Wanting(size: wanted), coupling: coupling)
      .decision(for: Signals(batch: 64, factor: 0.5))
    #expect(decision.batchSize == size)
    // Without an estimate AdaScale keeps what was.
    #expect(abs(decision.learningRateFactor - 0.5 * factor) < 1e-12)
  }

  @Test("has AdaScale's gain over the initial size, of known noise")
  func adascale() throws {
    let problem = ModelProblem()
    let updates = problem.updates(8000, of: [8, 8, 8, 8], seed: 5)
    func factor(_ size: Int) throws -> Double {
      try policy(MeasuredBatchTests.Wanting(size: Double(size)), coupling: .adascale, cooldown: 0)
        .decision(for: Signals(batch: size, factor: 7, updates: updates)).learningRateFactor
    }
    let (variance, gradient) = (problem.variance, problem.squaredGradient)
    for size in [64, 128, 1024] {
      let gain = (variance / 64 + gradient) / (variance / Double(size) + gradient)
      #expect(abs(try factor(size) / gain - 1) < 0.02)
    }
    #expect(try factor(64) == 1)
  }
}
