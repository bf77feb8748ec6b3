import BatchPolicies
import Foundation
import Testing

@Suite("A measured policy in a file")
struct MeasuredFileTests {
  /// A policy of the rule, as it comes back from JSON with some of its text replaced.
  private func read<Rule: SizeRule>(
    _ rule: Rule, replacing text: (String, String) = ("", "")
  ) throws -> (written: MeasuredBatch<Rule>, read: MeasuredBatch<Rule>) {
    let policy = try MeasuredBatch(
      rule, initialBatchSize: 64, limits: 20...1000, factor: 1.5, coupling: .decay, decay: 0.9,
      cooldown: 2, hysteresis: 0.2)
    let json = String(decoding: try JSONEncoder().encode(policy), as: UTF8.self)
      .replacingOccurrences(of: text.0, with: text.1)
    return (policy, try JSONDecoder().decode(MeasuredBatch<Rule>.self, from: Data(json.utf8)))
  }

  private func check(_ rule: some SizeRule) throws {
    let (written, read) = try read(rule)
    #expect(read == written)
  }

  @Test("is the same when it is read back, with any rule")
  func same() throws {
    try check(Plateau(threshold: 0.02, patience: 5))
    try check(LossRatio())
    try check(CABS(maxInterval: 0.3))
    try check(NoiseScale(maxInterval: 0.3, share: 2))
    try check(NormTest(threshold: 0.4, maxInterval: 0.3))
    try check(GradientDiversity(threshold: 0.2, maxInterval: 0.3))
    try check(Goodput(threshold: 1.1, maxInterval: 0.3))
  }

  @Test(
    "cannot be one that the initialiser refuses",
    arguments: [
      (#""minimumBatchSize":20"#, #""minimumBatchSize":65"#, "minimumBatchSize"),
      (#""minimumBatchSize":20"#, #""minimumBatchSize":2000"#, "minimumBatchSize"),
      (#""maximumBatchSize":1000"#, #""maximumBatchSize":63"#, "maximumBatchSize"),
      (#""initialBatchSize":64"#, #""initialBatchSize":0"#, "initialBatchSize"),
      (#""growthFactor":1.5"#, #""growthFactor":1"#, "growthFactor"),
      (#""decay":0.9"#, #""decay":1.1"#, "decay"),
      (#""cooldown":2"#, #""cooldown":-1"#, "cooldown"),
      (#""hysteresis":0.2"#, #""hysteresis":-0.2"#, "hysteresis"),
      (#""patience":5"#, #""patience":0"#, "patience"),
    ])
  func impossible(from: String, to: String, setting: String) {
    let error = #expect(throws: PolicyError.self) {
      try read(Plateau(threshold: 0.02, patience: 5), replacing: (from, to))
    }
    #expect(error?.setting == setting)
  }

  @Test("decisions can be written down, whatever was measured")
  func evidence() throws {
    for gradient in [[3.0, -1, 0.5, 2], [0, 0, 0, 0], [0.1, 0, 0, 0]] {
      for seed in 0..<20 {
        let updates = ModelProblem(gradient: gradient).updates(9, of: [3, 2], seed: UInt64(seed))
        let signals = Signals(
          batch: 64, updates: updates, losses: [.leastNonzeroMagnitude], first: 1e3)
        try write(NoiseScale(maxInterval: 1e9), signals)
        try write(CABS(maxInterval: 1e9), signals)
        try write(NormTest(maxInterval: 1e9), signals)
        try write(GradientDiversity(maxInterval: 1e9), signals)
        try write(LossRatio(), signals)
      }
    }
  }

  private func write(_ rule: some SizeRule, _ signals: Signals) throws {
    let decision = try policy(rule, coupling: .adascale).checkedDecision(for: signals)
    // JSON has no infinity: what cannot be written would throw here.
    let data = try JSONEncoder().encode(decision)
    #expect(try JSONDecoder().decode(BatchDecision.self, from: data) == decision)
  }
}
