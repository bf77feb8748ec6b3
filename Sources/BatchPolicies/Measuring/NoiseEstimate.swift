/// The noise of the gradient over the newest updates, from the lengths of their micro-batches'
/// gradients.
///
/// An update of B images in k micro-batches has S = Σ (nᵢ/B)·|gᵢ|² and M = |Σ (nᵢ/B)·gᵢ|². With G
/// the true gradient and V = tr Σ the variance of one image's, E S = G² + V·k/B and E M = G² + V/B,
/// so V = (S − M)·B/(k − 1) and G² = (k·M − S)/(k − 1) are without bias, also where micro-batches
/// are of several sizes. Ratios are of means over updates, for the mean of ratios is biased.
///
/// Batch norm makes the images of a micro-batch see each other; what is measured then is the noise
/// between micro-batches of the size in use.
///
/// > Source: McCandlish et al. 2018, arXiv:1812.06162, appendix A.1; for many replicas as in AdaptDL
/// > and fairscale's AdaScale.
public struct NoiseEstimate: Sendable, Equatable {
  /// Fewer say nothing of how much they scatter.
  public static let fewestUpdates = 8

  /// V and G² of each update.
  let variances: [Double]
  let squaredGradients: [Double]

  /// nil for fewer than ``fewestUpdates`` that were measured.
  ///
  /// An update of a single micro-batch says nothing here, nor one whose gradient has overflown.
  public init?(_ updates: [UpdateSignals]) {
    let measured = updates.compactMap { $0.gradients?.noise(images: $0.images) }
    guard measured.count >= Self.fewestUpdates else { return nil }
    variances = measured.map(\.variance)
    squaredGradients = measured.map(\.squaredGradient)
  }

  /// The trace of the covariance of one image's gradient.
  public var variance: Double { variances.mean }

  /// The squared length of the true gradient; chance can have it below 0.
  public var squaredGradient: Double { squaredGradients.mean }

  /// The expected squared length of a gradient of so many images.
  func squaredLength(batchSize: Int) -> Double { squaredGradient + variance / Double(batchSize) }

  /// V/G² in images, with its interval.
  public var noiseScale: RatioEstimate { RatioEstimate(variances, over: squaredGradients) }

  /// V over the squared length of a gradient of so many images, with its interval.
  func variance(overGradientOf batchSize: Int) -> RatioEstimate {
    let lengths = zip(variances, squaredGradients).map { $1 + $0 / Double(batchSize) }
    return RatioEstimate(variances, over: lengths)
  }

  /// V itself, with its interval.
  var varianceEstimate: RatioEstimate {
    RatioEstimate(variances, over: Array(repeating: 1, count: variances.count))
  }
}

extension GradientNorms {
  /// V and G² as one update has them; nil where they are not to be had.
  fileprivate func noise(images: Int) -> (variance: Double, squaredGradient: Double)? {
    guard microBatches >= 2 else { return nil }
    let others = Double(microBatches - 1)
    let variance = (meanOfSquares - squareOfMean) * Double(images) / others
    let squaredGradient = (Double(microBatches) * squareOfMean - meanOfSquares) / others
    guard variance.isFinite, squaredGradient.isFinite else { return nil }
    return (variance, squaredGradient)
  }
}
