import BatchPolicies
import Foundation
import Testing

/// Witness/rates.json: rates epoch by epoch, of PyTorch's MultiStepLR and of a plain Python loop.
private struct Rates: Decodable {
  struct Milestones: Decodable {
    var epochs: Int
    var milestones: [Int]
    var decay: Double
    var rate: [Double]
  }

  struct WarmUps: Decodable {
    var epochs: Int
    var warmUp: Int
    var baseline: Int
    var batch: Int
    var firstRate: Double
    var interval: Int
    var decay: Double
    var rate: [Double]
  }

  var milestones: [Milestones]
  var warmUps: [WarmUps]

  static func load() throws -> Rates {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Witness/rates.json")
    return try JSONDecoder().decode(Rates.self, from: Data(contentsOf: file))
  }
}

@Suite struct RateWitnessTests {
  private let imageCount = 1_281_167

  private func rates(of policy: some BatchPolicy, epochs: Int, first: Double = 1) -> [Double] {
    (0..<epochs).map {
      first * policy.decision(for: Signals(epoch: $0, imageCount: imageCount)).learningRateFactor
    }
  }

  @Test("milestones are PyTorch's, for a fixed batch and for the rate of a growing one")
  func milestones() throws {
    let cases = try Rates.load().milestones
    #expect(cases.count == 3)
    for run in cases {
      let changes = ChangeEpochs.after(run.milestones)
      let fixed = try FixedBatch(batchSize: 128, decay: run.decay, changes: changes)
      let growing = try AdaBatchGrowth(
        initialBatchSize: 128, changes: .every(7), rateChanges: changes,
        maximumBatchSize: imageCount, decay: run.decay)
      #expect(distance(rates(of: fixed, epochs: run.epochs), run.rate) < 1e-12)
      // 128 doubles 13 times before the training set holds it back, every seven epochs.
      let free = min(run.epochs, 7 * 14)
      #expect(
        distance(rates(of: growing, epochs: free), Array(run.rate.prefix(free))) < 1e-12)
    }
  }

  @Test("a warm-up climbs as NVlabs' ImageNet script, and decay goes on from the scaled rate")
  func warmUps() throws {
    let cases = try Rates.load().warmUps
    #expect(cases.count == 4)
    for run in cases {
      let fixed = try FixedBatch(batchSize: run.batch, decay: run.decay, interval: run.interval)
      let policy = try WarmUp(fixed, epochs: run.warmUp, baselineBatchSize: run.baseline)
      let ours = rates(of: policy, epochs: run.epochs, first: run.firstRate)
      #expect(distance(ours, run.rate) < 1e-12)
      #expect(
        abs(ours[run.warmUp - 1] / (run.firstRate * Double(run.batch) / Double(run.baseline)) - 1)
          < 1e-12)
    }
  }

  /// The largest difference, relative to the second.
  private func distance(_ ours: [Double], _ theirs: [Double]) -> Double {
    guard ours.count == theirs.count else { return .infinity }
    return zip(ours, theirs).map { abs($0 / $1 - 1) }.max() ?? .infinity
  }
}
