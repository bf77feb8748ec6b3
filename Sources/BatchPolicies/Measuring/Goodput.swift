/// Takes the size with the most progress per second: throughput times statistical efficiency.
///
/// Throughput is B / (a + b·B) with the measured seconds a of every update and b of every image;
/// efficiency is (φ + B₀) / (φ + B) with the noise scale φ: the progress of an image at B as a share
/// of that at the initial size B₀. Never goes below B₀, and changes only for a predicted speedup of
/// ``threshold``. Seconds come from a clock: two runs may decide otherwise, and a recorded one can be
/// replayed.
///
/// > Source: Qiao et al. 2021, Pollux, arXiv:2008.12260, §3; AdaptDL 0.2, whose bound of 1.05 this is.
public struct Goodput: SizeRule {
  public static let measures: Measures = [.gradientNorms, .seconds]
  public static let mayShrink = true

  /// The speedup that has to be predicted for a change.
  public var threshold: Double
  /// Half of the 95 % interval as a share of the noise scale, at most.
  public var maxInterval: Double

  public init(threshold: Double = 1.05, maxInterval: Double = 0.5) {
    self.threshold = threshold
    self.maxInterval = maxInterval
  }

  public func check() throws(PolicyError) {
    try NoiseBelief(maxInterval: maxInterval).check()
    try require(
      threshold >= 1 && threshold.isFinite, "threshold", threshold.short, needs: "1 or more",
      fix: "1.05 changes for what is a twentieth faster")
  }

  public func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
    var scores: [Int: Double] = [:]
    var reading = NoiseBelief(maxInterval: maxInterval).reading(
      "noise scale", signals, pick: \.noiseScale
    ) { _, noise in
      guard let costs = UpdateSeconds(signals.history.updates) else {
        return .none("no update was timed yet")
      }
      let sizes = lattice.available(signals).filter { $0 >= lattice.initial }
      for size in sizes {
        scores[size] =
          costs.imagesPerSecond(size)
          * efficiency(of: size, from: lattice.initial, noise: noise.value)
      }
      return wish(scores, signals.current?.batchSize ?? lattice.initial)
    }
    reading.scores = scores
    reading.evidence.threshold = threshold
    return reading
  }

  private func efficiency(of size: Int, from initial: Int, noise: Double) -> Double {
    (noise + Double(initial)) / (noise + Double(size))
  }

  private func wish(_ scores: [Int: Double], _ current: Int) -> Reading.Wish {
    // Of equals the smaller one.
    let best = scores.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
    guard let best, best.key != current else { return .none("no size is faster") }
    let speedup = best.value / (scores[current] ?? best.value)
    guard speedup > threshold else {
      return .none(
        "batch \(best.key) would be × \(speedup.rounded(digits: 4)), and"
          + " × \(threshold.short) is needed")
    }
    return .exactly(best.key)
  }
}

/// What updates cost: so much each, and so much for every image.
private struct UpdateSeconds {
  let perUpdate: Double
  let perImage: Double

  init?(_ updates: [UpdateSignals]) {
    let timed = updates.filter { $0.seconds != nil }
    let images = timed.reduce(0) { $0 + $1.images }
    guard images > 0 else { return nil }
    let (passes, others) = timed.reduce((0.0, 0.0)) {
      ($0.0 + ($1.seconds?.passes ?? 0), $0.1 + ($1.seconds?.perUpdate ?? 0))
    }
    perUpdate = others / Double(timed.count)
    perImage = passes / Double(images)
    guard perImage > 0 else { return nil }
  }

  func imagesPerSecond(_ size: Int) -> Double {
    Double(size) / (perUpdate + perImage * Double(size))
  }
}
