import BatchPolicies
import Testing

@Suite("What a measured decision says of itself")
struct MeasuredReasonTests {
  /// Has measured a number of images, and wants `scale` times as many.
  struct Measured: SizeRule {
    static let measures: Measures = []
    static let mayShrink = true
    var images: Double
    var scale = 1.0

    func check() throws(PolicyError) {}

    func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
      var evidence = Evidence(signal: "images")
      evidence.value = images
      return Reading(.about(images * scale), text: "images \(Int(images))", evidence: evidence)
    }
  }

  @Test(
    "the value, what it is compared with, and what becomes of batch and rate, in one line",
    arguments: [
      (64, 300.0, "images 300 ≥ 282: batch 64 × 4 = 256, rate × 0.5625"),
      (64, 141, "images 141 ≥ 141: batch 64 × 2 = 128, rate × 0.75"),
      (64, 140, "images 140 < 141: batch stays 64"),
      (64, 60, "images 60 < 141: batch stays 64"),
      (512, 200, "images 200 < 465: batch 512 / 4 = 128, rate × 1.778"),
      (1024, 9000, "images 9000: batch stays 1024, the largest"),
      (16, 3, "images 3: batch stays 16, the smallest"),
    ])
  func lines(current: Int, images: Double, line: String) throws {
    let decision = try policy(Measured(images: images), coupling: .decay)
      .decision(for: Signals(batch: current))
    #expect(decision.reason == line)
  }

  @Test("a wish is said where it is not what was measured")
  func asked() throws {
    let decision = try policy(Measured(images: 30, scale: 5)).decision(for: Signals(batch: 64))
    #expect(decision.reason == "images 30, asks for 150 ≥ 141: batch 64 × 2 = 128, rate kept")
    #expect(decision.evidence?.wanted == 150)
  }

  @Test("a size that is not to be had is named, with why")
  func objected() throws {
    let rule = Measured(images: 300)
    var signals = Signals(batch: 128)
    signals.marked = [512, 256]
    #expect(
      try policy(rule).decision(for: signals).reason
        == "images 300 ≥ 282: batch stays 128, for 256 is marked by the guard")
    #expect(
      try policy(rule).decision(for: Signals(batch: 128, imageCount: 200)).reason
        == "images 300 ≥ 282: batch stays 128, for 256 is more than the training set")
  }

  @Test("a policy that never shrinks says so, and one that waits says for how long")
  func others() throws {
    let growing = MeasuredBatchTests.Growing(size: 20)
    #expect(
      try policy(growing).decision(for: Signals(batch: 64)).reason
        == "a wish, asks for 20: batch stays 64, it never shrinks")
    let rule = Measured(images: 300)
    let waiting = try policy(rule, cooldown: 3).decision(for: Signals(batch: 64, asked: 1))
    #expect(waiting.reason == "images 300: batch stays 64 for 2 more decisions after the change")
    let alternatives = try #require(waiting.evidence).alternatives
    #expect(alternatives.filter { $0.objection == nil }.map(\.batchSize) == [64])
    #expect(
      alternatives.filter { $0.batchSize != 64 }
        .allSatisfy { $0.objection == "too soon after the last change" })
  }

  @Test("sizes that do not divide each other are joined by an arrow")
  func arrow() throws {
    let policy = try MeasuredBatch(
      Measured(images: 12), initialBatchSize: 7, limits: 4...100, factor: 1.5, coupling: .none)
    #expect(
      policy.decision(for: Signals(batch: 7)).reason == "images 12 ≥ 11: batch 7 → 10, rate kept")
  }

  @Test("every size that was passed over has an objection, with the number that it would take")
  func passedOver() throws {
    let growing = try policy(Measured(images: 300)).decision(for: Signals(batch: 128))
    #expect(
      growing.evidence?.alternatives.map(\.objection) == [
        "less than is wanted", "less than is wanted", "less than is wanted", "less than is wanted",
        nil, "is taken from 563 on", "is taken from 1126 on",
      ])
    let shrinking = try policy(Measured(images: 100)).decision(for: Signals(batch: 512))
    #expect(
      shrinking.evidence?.alternatives.map(\.objection)
        == [
          "less than is wanted", "less than is wanted", "less than is wanted",
          "is left below 116", "is left below 233", "is left below 465", "is taken from 1126 on",
        ].enumerated().map { $0.offset == 2 ? nil : $0.element })
  }

  @Test("too wide an interval is said, with how wide it may be")
  func wide() throws {
    let updates = ModelProblem().updates(12, of: [8, 8], seed: 2)
    let decision = try policy(NoiseScale(maxInterval: 0.01))
      .decision(for: Signals(batch: 64, updates: updates))
    #expect(decision.reason.hasPrefix("noise scale "))
    #expect(decision.reason.contains("batch stays 64; an interval of ± 1 % is needed, and it "))
    let few = try policy(NoiseScale()).decision(for: Signals(batch: 64))
    #expect(
      few.reason == "no noise scale yet: batch stays 64; 8 updates of two micro-batches or more"
        + " have to be seen first")
  }
}
