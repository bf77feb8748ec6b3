/// How the learning rate follows a batch size that is measured.
public enum RateCoupling: String, Sendable, Codable, CaseIterable {
  /// The rate stays.
  case none
  /// Each step up the lattice multiplies it by a decay, and each step down divides: the paper's.
  ///
  /// > Source: Devarakonda et al. 2017, arXiv:1712.02029, with a decay of 0.75.
  case decay
  /// By as much as the batch, which keeps the noise of SGD: Goyal et al. 2017, arXiv:1706.02677.
  case linear
  /// By the root of as much, for optimizers that scale gradients: Krizhevsky 2014, arXiv:1404.5997.
  case sqrt
  /// By AdaScale's gain over the initial batch B₀, anew at each decision.
  ///
  /// r = (V/B₀ + G²) / (V/B + G²), with the variance V = tr Σ of one image's gradient and the
  /// squared length G² of the true one: 1 at B₀, and at most B/B₀.
  ///
  /// > Source: Johnson et al. 2020, arXiv:2007.05105, in the form of AdaptDL and fairscale.
  case adascale

  /// The factor that goes with `size`.
  func factor(
    _ size: Int, after current: BatchDecision, _ lattice: BatchLattice, decay: Double,
    _ estimate: NoiseEstimate?
  ) -> Double {
    let (factor, ratio) = (
      current.learningRateFactor, Double(size) / Double(current.batchSize)
    )
    switch self {
    case .none: return factor
    case .decay:
      let steps = lattice.steps(from: current.batchSize, to: size)
      return (0..<steps.magnitude).reduce(factor) { factor, _ in
        steps > 0 ? factor * decay : factor / decay
      }
    case .linear: return factor * ratio
    case .sqrt: return factor * ratio.squareRoot()
    case .adascale:
      guard let estimate, estimate.squaredGradient > 0, estimate.variance > 0 else { return factor }
      return estimate.squaredLength(batchSize: lattice.initial)
        / estimate.squaredLength(batchSize: size)
    }
  }
}
