import BatchPolicies
import Testing

@Suite("What a measured size is held to")
struct MeasuredLimitTests {
  typealias Wanting = MeasuredBatchTests.Wanting

  /// The rule in words, tried size by size: up to the largest that a tenth more than it is wanted
  /// of, else down to the largest that not less than a tenth below it is wanted of.
  private func expected(_ sizes: [Int], current: Int, wanted: Double) -> Int {
    var best = current
    for size in sizes where size > current && wanted / Double(size) >= 1.1 { best = size }
    guard best == current, Double(current) / wanted > 1.1 else { return best }
    best = sizes.min() ?? current
    for size in sizes where size < current && Double(size) / wanted <= 1.1 {
      best = max(best, size)
    }
    return min(best, current)
  }

  @Test("is the rule, tried size by size, for any wish, mark and training set")
  func anything() throws {
    var random = Random(state: 12)
    let sizes = [16, 32, 64, 128, 256, 512, 1024]
    var (changes, marks) = (0, 0)
    for _ in 0..<4000 {
      let current = sizes[Int(random.uniform() * 7)]
      let wanted = 4 * 1024 * random.uniform() * random.uniform() * random.uniform() + 1
      var signals = Signals(batch: current, imageCount: max(current, Int(random.uniform() * 1500)))
      if random.uniform() < 0.3 { signals.marked = [sizes[Int(random.uniform() * 7)], 1024] }
      let allowed = sizes.filter { size in
        size <= signals.imageCount && signals.marked.allSatisfy { size < $0 }
      }
      let policy = try policy(Wanting(size: wanted))
      let decision = policy.decision(for: signals)
      #expect(policy.decision(for: signals) == decision)
      if allowed.contains(current) {
        #expect(decision.batchSize == expected(allowed, current: current, wanted: wanted))
      } else {
        marks += 1
        #expect(decision.batchSize == allowed.last ?? current)
      }
      if decision.batchSize != current { changes += 1 }
      let alternatives = try #require(decision.evidence).alternatives
      #expect(
        alternatives.filter { $0.objection == nil }.map(\.batchSize) == [decision.batchSize])
    }
    #expect(changes > 1000 && marks > 100)
  }

  @Test("a size that is marked is left at once, by policies that never shrink too")
  func marked() throws {
    var signals = Signals(batch: 512, asked: 0)
    signals.marked = [256]
    let decision = try policy(
      MeasuredBatchTests.Growing(size: 9000), coupling: .linear, cooldown: 4
    ).decision(for: signals)
    #expect(decision.batchSize == 128)
    #expect(decision.learningRateFactor == 0.25)
    #expect(
      decision.reason
        == "a wish: batch 512 / 4 = 128, for 256 is marked by the guard, rate × 0.25")
  }

  /// Wants a size that the lattice may have or not.
  struct Choosing: SizeRule {
    static let measures: Measures = []
    static let mayShrink = true
    var size: Int

    func check() throws(PolicyError) {}

    func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
      Reading(.exactly(size), text: "a choice", evidence: Evidence(signal: "choice"))
    }
  }

  @Test("a choice that is not to be had is not made")
  func choice() throws {
    var signals = Signals(batch: 64)
    #expect(try policy(Choosing(size: 512)).decision(for: signals).batchSize == 512)
    signals.marked = [256]
    let decision = try policy(Choosing(size: 512)).decision(for: signals)
    #expect(decision.batchSize == 64)
    #expect(
      decision.reason
        == "a choice: batch stays 64, for 512 is above 256, which the guard has marked")
  }

  @Test("a start above the training set is refused when it is checked, as of every policy")
  func start() throws {
    let policy = try policy(Wanting(size: 1))
    let signals = Signals(epoch: 0, imageCount: 50)
    #expect(policy.decision(for: signals).batchSize == 64)
    #expect(throws: PolicyError.self) { try policy.checkedDecision(for: signals) }
  }

  @Test("wishes that are no number change nothing, and can be written down")
  func noNumber() throws {
    for wanted: Double in [.nan, .zero, -3] {
      let decision = try policy(MeasuredBatchTests.Growing(size: wanted))
        .decision(for: Signals(batch: 64))
      #expect(decision.batchSize == 64)
    }
    let decision = try policy(Wanting(size: .infinity)).decision(for: Signals(batch: 64))
    #expect(decision.batchSize == 1024)
    #expect(decision.evidence?.wanted == nil)
  }
}
