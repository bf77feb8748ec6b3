/// Takes a share δ of images × gradient diversity: B = δ·n·Δ.
///
/// Δ = Σ|gᵢ|² / |Σ gᵢ|² over the n images of the training set, so that n·Δ = (|G|² + tr Σ) / |G|²,
/// which is measured between micro-batches here and not image by image.
///
/// > Source: Chen, Wang, Sundaram 2025, DiveBatch, arXiv:2509.16173; Yin et al. 2018,
/// > arXiv:1706.05699.
public struct GradientDiversity: SizeRule {
  public static let measures: Measures = .gradientNorms
  public static let mayShrink = true

  /// δ: the share of n·Δ that is taken.
  public var threshold: Double
  /// Half of the 95 % interval as a share of the noise scale, at most.
  public var maxInterval: Double

  public init(threshold: Double = 0.1, maxInterval: Double = 0.5) {
    self.threshold = threshold
    self.maxInterval = maxInterval
  }

  public func check() throws(PolicyError) {
    try NoiseBelief(maxInterval: maxInterval).check()
    try require(
      threshold > 0 && threshold.isFinite, "threshold", threshold.short,
      needs: "a finite number above 0", fix: "0.1 takes a tenth of images × diversity")
  }

  public func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
    NoiseBelief(maxInterval: maxInterval).reading(
      "images × diversity", signals,
      pick: { estimate in
        RatioEstimate(
          zip(estimate.squaredGradients, estimate.variances).map { $0 + $1 },
          over: estimate.squaredGradients)
      },
      wish: { .about(threshold * $1.value) })
  }
}
