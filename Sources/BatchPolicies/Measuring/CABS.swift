/// Couples the batch to rate, gradient variance and loss: B = rate · tr Σ / F.
///
/// Shrinks where the source's quotient does. Its moving averages (of 0.95) are means over an epoch's
/// worth of images here, which have an interval.
///
/// > Source: Balles, Romero, Hennig 2017, "Coupling Adaptive Batch Sizes with Learning Rates",
/// > arXiv:1612.05086, eq. 10; github.com/ProbabilisticNumerics/cabs.
public struct CABS: SizeRule {
  public static let measures: Measures = .gradientNorms
  public static let mayShrink = true

  /// Half of the variance's 95 % interval as a share of it, at most.
  public var maxInterval: Double

  public init(maxInterval: Double = 0.5) { self.maxInterval = maxInterval }

  public func check() throws(PolicyError) { try NoiseBelief(maxInterval: maxInterval).check() }

  public func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
    let updates = signals.history.updates
    let images = updates.reduce(0) { $0 + $1.images }
    let loss = updates.reduce(0) { $0 + $1.loss * Double($1.images) } / Double(max(1, images))
    let rate = signals.initialLearningRate * (signals.current?.learningRateFactor ?? 1)
    return NoiseBelief(maxInterval: maxInterval).reading(
      "gradient variance", signals, pick: \.varianceEstimate
    ) { _, variance in
      loss > 0 ? .about(rate * variance.value / loss) : .none("a loss of 0 has no quotient")
    }
  }
}
