/// Takes the gradient noise scale as the batch size: B = ``share`` · tr Σ / |G|².
///
/// Below it a larger batch saves as many updates as it has images more; above it images are wasted.
///
/// > Source: McCandlish et al. 2018, "An Empirical Model of Large-Batch Training",
/// > arXiv:1812.06162, the simple noise scale of §2.2.
public struct NoiseScale: SizeRule {
  public static let measures: Measures = .gradientNorms
  public static let mayShrink = true

  /// Half of the 95 % interval as a share of the noise scale, at most.
  public var maxInterval: Double
  /// What the noise scale is multiplied by.
  public var share: Double

  public init(maxInterval: Double = 0.5, share: Double = 1) {
    self.maxInterval = maxInterval
    self.share = share
  }

  public func check() throws(PolicyError) {
    try NoiseBelief(maxInterval: maxInterval).check()
    try require(
      share > 0 && share.isFinite, "share", share.short, needs: "a finite number above 0",
      fix: "1 takes the noise scale itself")
  }

  public func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
    NoiseBelief(maxInterval: maxInterval).reading("noise scale", signals, pick: \.noiseScale) {
      .about(share * $1.value)
    }
  }
}
