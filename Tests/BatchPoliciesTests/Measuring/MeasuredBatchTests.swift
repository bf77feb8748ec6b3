import BatchPolicies
import Foundation
import Testing

@Suite("A batch size that is measured")
struct MeasuredBatchTests {
  /// Wants what it is told, and may shrink.
  struct Wanting: SizeRule {
    static let measures: Measures = []
    static let mayShrink = true
    var size: Double

    func check() throws(PolicyError) {}

    func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
      Reading(.about(size), text: "a wish", evidence: Evidence(signal: "wish"))
    }
  }

  /// The same, and never shrinks.
  struct Growing: SizeRule {
    static let measures: Measures = []
    static let mayShrink = false
    var size: Double

    func check() throws(PolicyError) {}

    func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
      Reading(.about(size), text: "a wish", evidence: Evidence(signal: "wish"))
    }
  }

  @Test("begins with the initial size")
  func start() throws {
    let decision = try policy(Wanting(size: 900)).decision(
      for: Signals(epoch: 0, imageCount: 50_000))
    #expect(decision.batchSize == 64 && decision.learningRateFactor == 1)
    #expect(decision.evidence == nil)
  }

  @Test(
    "takes a size of the lattice, a tenth later on the way up and on the way down",
    arguments: [
      (64, 140.0, 64), (64, 141.0, 128), (64, 282.0, 256), (64, 5000.0, 1024), (64, 60.0, 64),
      (64, 58.0, 32), (64, 3.0, 16), (512, 500.0, 512), (512, 466.0, 512), (512, 460.0, 256),
      (512, 250.0, 256), (512, 233.0, 256), (512, 232.0, 128), (512, 3.0, 16),
    ])
  func lattice(current: Int, wanted: Double, size: Int) throws {
    let decision = try policy(Wanting(size: wanted)).decision(for: Signals(batch: current))
    #expect(decision.batchSize == size)
    if wanted > Double(current) || size == current {
      #expect(
        try policy(Growing(size: wanted)).decision(for: Signals(batch: current)).batchSize == size)
    } else {
      #expect(
        try policy(Growing(size: wanted)).decision(for: Signals(batch: current)).batchSize
          == current)
    }
  }

  @Test("stays as it is for as many decisions as the cooldown has")
  func cooldown() throws {
    for asked in 0..<5 {
      let decision = try policy(Wanting(size: 900), cooldown: 3)
        .decision(for: Signals(batch: 64, asked: asked))
      #expect(decision.batchSize == (asked < 3 ? 64 : 512))
      #expect(decision.reason.contains("more decision") == (asked < 3))
    }
  }

  @Test("never takes what the guard has marked, nor more than the training set")
  func bounds() throws {
    var signals = Signals(batch: 64)
    signals.marked = [256]
    let marked = try policy(Wanting(size: 5000)).decision(for: signals)
    #expect(marked.batchSize == 128)
    let objections = try #require(marked.evidence).alternatives
    #expect(objections.map(\.batchSize) == [16, 32, 64, 128, 256, 512, 1024])
    #expect(objections.first { $0.batchSize == 128 }?.objection == nil)
    #expect(objections.first { $0.batchSize == 256 }?.objection == "marked by the guard")
    #expect(
      objections.first { $0.batchSize == 512 }?.objection == "above 256, which the guard has marked"
    )
    let few = try policy(Wanting(size: 5000)).decision(for: Signals(batch: 64, imageCount: 300))
    #expect(few.batchSize == 256)
  }

  @Test("asked again, it answers the same")
  func pure() throws {
    let signals = Signals(batch: 64, updates: ModelProblem().updates(50, of: [8, 8], seed: 1))
    let policy = try policy(NoiseScale(), coupling: .adascale)
    #expect(policy.decision(for: signals) == policy.decision(for: signals))
  }

  @Test("comes back from its code as it was, and impossible ones do not")
  func coding() throws {
    let policy = try policy(NormTest(threshold: 0.3), coupling: .sqrt, cooldown: 2)
    let data = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(MeasuredBatch<NormTest>.self, from: data) == policy)
    let spoiled = String(decoding: data, as: UTF8.self)
      .replacingOccurrences(of: "\"cooldown\":2", with: "\"cooldown\":-2")
    #expect(throws: PolicyError.self) {
      try JSONDecoder().decode(MeasuredBatch<NormTest>.self, from: Data(spoiled.utf8))
    }
  }

  @Test("says which number to change")
  func impossible() {
    func check(_ setting: String, _ make: () throws -> Void) {
      let error = #expect(throws: PolicyError.self) { try make() }
      #expect(error?.setting == setting)
      #expect(error?.fix.isEmpty == false)
    }
    check("minimumBatchSize") { _ = try policy(Plateau(), from: 64, limits: 65...128) }
    check("maximumBatchSize") { _ = try policy(Plateau(), from: 64, limits: 16...63) }
    check("maximumBatchSize") { _ = try policy(Plateau(), from: 64, limits: 64...100) }
    check("initialBatchSize") { _ = try policy(Plateau(), from: 0) }
    check("cooldown") { _ = try policy(Plateau(), cooldown: -1) }
    check("hysteresis") { _ = try policy(Plateau(), hysteresis: -0.1) }
    check("hysteresis") { _ = try policy(Plateau(), hysteresis: .nan) }
    check("patience") { _ = try policy(Plateau(patience: 0)) }
    check("threshold") { _ = try policy(Plateau(threshold: 1)) }
    check("threshold") { _ = try policy(NormTest(threshold: 1)) }
    check("threshold") { _ = try policy(Goodput(threshold: 0.9)) }
    check("threshold") { _ = try policy(GradientDiversity(threshold: 0)) }
    check("maxInterval") { _ = try policy(NoiseScale(maxInterval: 0)) }
    check("share") { _ = try policy(NoiseScale(share: -1)) }
    check("growthFactor") {
      _ = try MeasuredBatch(
        Plateau(), initialBatchSize: 64, limits: 16...128, factor: 1, coupling: .none)
    }
    check("decay") {
      _ = try MeasuredBatch(
        Plateau(), initialBatchSize: 64, limits: 16...128, coupling: .decay, decay: 2)
    }
  }
}
