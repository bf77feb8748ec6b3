/// Grows where the gradient's noise passes a share η of its length: B = tr Σ / (η²·|ḡ|²).
///
/// ḡ is the gradient of an update of the present size, noise included, so one decision asks for at
/// most 1/η² times the present size. Never shrinks.
///
/// > Source: Byrd et al. 2012, "Sample size selection in optimization methods for machine learning",
/// > eq. 3.3; Lau, Liu, Kolar 2024, AdAdaGrad, arXiv:2402.11215.
public struct NormTest: SizeRule {
  public static let measures: Measures = .gradientNorms
  public static let mayShrink = false

  /// η: the length that the gradient's noise may have, as a share of the gradient's.
  public var threshold: Double
  /// Half of the 95 % interval as a share of the value, at most.
  public var maxInterval: Double

  public init(threshold: Double = 0.5, maxInterval: Double = 0.5) {
    self.threshold = threshold
    self.maxInterval = maxInterval
  }

  public func check() throws(PolicyError) {
    try NoiseBelief(maxInterval: maxInterval).check()
    try require(
      threshold > 0 && threshold < 1, "threshold", threshold.short, needs: "above 0 and below 1",
      fix: "0.5 lets the noise have half of the gradient's length; from 1 on nothing ever grows")
  }

  public func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
    let size = signals.current?.batchSize ?? lattice.initial
    var reading = NoiseBelief(maxInterval: maxInterval).reading(
      "variance over squared gradient", signals, pick: { $0.variance(overGradientOf: size) },
      wish: { .about(($1.value / (threshold * threshold)).rounded(.up)) })
    // The test itself: variance / B against η² times the squared length.
    reading.evidence.threshold = threshold * threshold * Double(size)
    return reading
  }
}
