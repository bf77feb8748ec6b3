/// Takes the size with the most progress per second: throughput times statistical efficiency.
///
/// Throughput is B / (a + b·B) with the measured seconds a of every update and b of every image;
/// efficiency is (φ + B₀) / (φ + B) with the noise scale φ: the progress of an image at B as a share
/// of that at the initial size B₀. Never goes below B₀, and changes only for a predicted speedup of
/// ``threshold``. Seconds come from a clock: two runs may decide otherwise, and a recorded one can be
/// replayed. Unlike the source it has no term for communication that grows with the ranks, which do
/// not change here, and takes passes and what is left of an update as one after the other.
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
    let current = signals.current?.batchSize ?? lattice.initial
    var scores: [Int: Double] = [:]
    var reading = NoiseBelief(maxInterval: maxInterval).reading(
      "noise scale", signals, pick: \.noiseScale
    ) { _, noise in
      guard let costs = UpdateSeconds(signals.history.updates) else {
        return .none("no update was timed yet")
      }
      scores = self.scores(costs, noise.value, signals, lattice)
      return wish(scores, current)
    }
    reading.scores = scores
    if case .exactly(let best) = reading.wish {
      let speedup = self.speedup(of: best, over: current, scores).rounded(digits: 3)
      reading.text += ", progress per second × \(speedup) with batch \(best)"
    }
    return reading
  }

  /// Goodput in images of the initial batch's progress per second, of each size that is to be had.
  private func scores(
    _ costs: UpdateSeconds, _ noise: Double, _ signals: Signals, _ lattice: BatchLattice
  ) -> [Int: Double] {
    let sizes = lattice.available(signals).filter { $0 >= lattice.initial }
    return sizes.reduce(into: [:]) { scores, size in
      scores[size] =
        costs.imagesPerSecond(size) * efficiency(of: size, from: lattice.initial, noise: noise)
    }
  }

  private func efficiency(of size: Int, from initial: Int, noise: Double) -> Double {
    (noise + Double(initial)) / (noise + Double(size))
  }

  private func wish(_ scores: [Int: Double], _ current: Int) -> Reading.Wish {
    // Of equals the smaller one.
    let best = scores.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
    guard let best, best.key != current else { return .none("no size is faster") }
    let speedup = speedup(of: best.key, over: current, scores)
    guard speedup > threshold else {
      return .none(
        "batch \(best.key) would be × \(speedup.rounded(digits: 4)), and more than"
          + " × \(threshold.short) is needed")
    }
    return .exactly(best.key)
  }

  private func speedup(of size: Int, over current: Int, _ scores: [Int: Double]) -> Double {
    guard let score = scores[size], let present = scores[current] else { return 1 }
    return score / present
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
