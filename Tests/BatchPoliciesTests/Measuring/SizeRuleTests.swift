import BatchPolicies
import Testing

@Suite("What rules want")
struct SizeRuleTests {
  private let problem = ModelProblem()
  private var window: [UpdateSignals] { problem.updates(4000, of: [8, 8, 8, 8], seed: 9) }

  private func wanted(_ rule: some SizeRule, _ signals: Signals) throws -> Double {
    let lattice = try BatchLattice(initial: 64, factor: 2, limits: 16...1024)
    return try #require(rule.reading(signals, lattice).evidence.wanted)
  }

  @Test("the noise scale is tr Σ / |G|² of the model problem")
  func noiseScale() throws {
    let signals = Signals(batch: 64, updates: window)
    #expect(abs(try wanted(NoiseScale(), signals) / problem.noiseScale - 1) < 0.05)
    #expect(abs(try wanted(NoiseScale(share: 3), signals) / (3 * problem.noiseScale) - 1) < 0.05)
  }

  @Test("CABS wants rate · tr Σ / loss")
  func cabs() throws {
    var updates = window
    for index in updates.indices { updates[index].loss = 0.5 }
    let signals = Signals(batch: 64, factor: 0.3, updates: updates)
    let expected = 0.1 * 0.3 * problem.variance / 0.5
    #expect(abs(try wanted(CABS(), signals) / expected - 1) < 0.03)
  }

  @Test("the norm test wants the size at which the noise is η of the gradient's length")
  func normTest() throws {
    // |ḡ|² of an update of 64 images has the mean G² + V/64.
    let length = problem.squaredGradient + problem.variance / 64
    let expected = problem.variance / (0.5 * 0.5 * length)
    let signals = Signals(batch: 64, updates: window)
    #expect(abs(try wanted(NormTest(threshold: 0.5), signals) - expected) < 0.05 * expected + 1)
    // One decision asks for 1/η² times the present size at most.
    let noisy = ModelProblem(gradient: [0.01, 0, 0, 0])
    let updates = noisy.updates(2000, of: [8, 8, 8, 8], seed: 3)
    #expect(try wanted(NormTest(threshold: 0.5), Signals(batch: 64, updates: updates)) <= 4.2 * 64)
  }

  @Test("diversity wants a share of n·Σ|gᵢ|² / |Σ gᵢ|², image by image")
  func diversity() throws {
    // The definition itself, over 40,000 images.
    var random = Random(state: 17)
    let count = 40_000
    var (sum, squares) = (Array(repeating: 0.0, count: 4), 0.0)
    for _ in 0..<count {
      for index in 0..<4 {
        let number = problem.gradient[index] + problem.deviations[index] * random.normal()
        sum[index] += number
        squares += number * number
      }
    }
    let diversity = squares / sum.reduce(0) { $0 + $1 * $1 }
    let signals = Signals(batch: 64, updates: window)
    let expected = 10 * Double(count) * diversity
    #expect(abs(try wanted(GradientDiversity(threshold: 10), signals) / expected - 1) < 0.05)
  }

  @Test("the loss ratio wants ⌈B₀·F(x₀)/F(xₖ)⌉")
  func lossRatio() throws {
    let signals = Signals(batch: 64, losses: [2, 0.7], first: 2.3)
    #expect(try wanted(LossRatio(), signals) == 211)  // 64 · 2.3 / 0.7 = 210.3
    let decision = try policy(LossRatio()).decision(for: signals)
    #expect(
      decision.reason
        == "training loss 0.7 of 2.3 at first, asks for 211 ≥ 141: batch 64 × 2 = 128, rate kept")
    #expect(decision.evidence?.value == 0.7 && decision.evidence?.threshold == 2.3)
  }

  @Test("a plateau is so many decisions without progress since the change")
  func plateau() throws {
    let rule = Plateau(threshold: 0.1, patience: 2)
    let lattice = try BatchLattice(initial: 64, factor: 2, limits: 64...1024)
    func wish(_ losses: [Double], asked: Int) -> Reading.Wish {
      rule.reading(Signals(batch: 64, asked: asked, losses: losses), lattice).wish
    }
    #expect(wish([2, 1.7, 1.4, 1.2], asked: 9) == .none("no plateau yet"))
    #expect(wish([2, 1.7, 1.6, 1.55], asked: 9) == .exactly(128))  // 1.6 and 1.55 above 1.53
    #expect(wish([2, 1.7, 1.6, 1.52], asked: 9) == .none("no plateau yet"))
    // Counted anew after a change: only the last stretch is since then.
    #expect(wish([2, 1.7, 1.6, 1.55], asked: 0) == .none("no plateau yet"))
    #expect(wish([2, 1.7, 1.6, 1.55], asked: 1) == .exactly(128))
    #expect(wish([], asked: 0) != .exactly(128))
  }

  @Test("no rule decides before its interval is tight enough, and says how tight it is")
  func tight() throws {
    let few = problem.updates(10, of: [8, 8], seed: 2)
    let lattice = try BatchLattice(initial: 64, factor: 2, limits: 16...1024)
    func check(_ sure: some SizeRule, _ unsure: some SizeRule) throws {
      let signals = Signals(batch: 64, updates: few)
      let reading = unsure.reading(signals, lattice)
      guard case .none(let why) = reading.wish else { throw Unexpected() }
      #expect(why.contains("± 1 % is needed, and"))
      #expect(reading.evidence.value != nil && reading.evidence.wanted == nil)
      #expect(sure.reading(signals, lattice).evidence.wanted != nil)
      #expect(sure.reading(Signals(batch: 64), lattice).evidence.value == nil)
    }
    try check(NoiseScale(maxInterval: 1e9), NoiseScale(maxInterval: 0.01))
    try check(CABS(maxInterval: 1e9), CABS(maxInterval: 0.01))
    try check(NormTest(maxInterval: 1e9), NormTest(maxInterval: 0.01))
    try check(GradientDiversity(maxInterval: 1e9), GradientDiversity(maxInterval: 0.01))
  }

  private struct Unexpected: Error {}
}
