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
  public init?(_ updates: [UpdateSignals]) {
    let measured = updates.compactMap { update in
      update.gradients.map { (images: Double(update.images), norms: $0) }
    }
    guard measured.count >= Self.fewestUpdates else { return nil }
    variances = measured.map { images, norms in
      (norms.meanOfSquares - norms.squareOfMean) * images / Double(norms.microBatches - 1)
    }
    squaredGradients = measured.map { _, norms in
      (Double(norms.microBatches) * norms.squareOfMean - norms.meanOfSquares)
        / Double(norms.microBatches - 1)
    }
  }

  /// The trace of the covariance of one image's gradient.
  public var variance: Double { mean(variances) }

  /// The squared length of the true gradient; chance can have it below 0.
  public var squaredGradient: Double { mean(squaredGradients) }

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

/// The ratio of two means, with the 95 % interval of Fieller's theorem.
///
/// > Source: Fieller 1954, "Some problems in interval estimation", JRSS B 16 (2).
public struct RatioEstimate: Sendable, Equatable {
  /// Meaningless where the mean below is not above 0.
  public let value: Double
  /// nil where the mean below may be 0: the interval has no ends then.
  public let interval: ClosedRange<Double>?

  init(_ above: [Double], over below: [Double]) {
    let (y, x, count) = (mean(above), mean(below), Double(above.count))
    value = y / x
    let t = studentQuantile(above.count - 1)
    let (yy, xx) = (covariance(above, above) / count, covariance(below, below) / count)
    let xy = covariance(above, below) / count
    // The ratios r with (y − r·x)² ≤ t²·(yy − 2r·xy + r²·xx).
    let a = x * x - t * t * xx
    let b = x * y - t * t * xy
    let c = y * y - t * t * yy
    let root = max(0, b * b - a * c).squareRoot()
    interval = x > 0 && a > 0 ? (b - root) / a...(b + root) / a : nil
  }

  /// Half of the interval as a share of the value; nil where it has no ends.
  var relativeWidth: Double? {
    guard let interval, value > 0 else { return nil }
    return (interval.upperBound - interval.lowerBound) / 2 / value
  }

  /// As people read it: `812 (640–1010)`.
  var text: String {
    guard let interval else { return "\(value.rounded(digits: 3)) (no bounds)" }
    let (low, high) = (interval.lowerBound, interval.upperBound)
    return "\(value.rounded(digits: 3)) (\(low.rounded(digits: 3))–\(high.rounded(digits: 3)))"
  }

  func evidence(_ signal: String) -> Evidence {
    var evidence = Evidence(signal: signal)
    evidence.value = value.isFinite ? value : nil
    (evidence.lower, evidence.upper) = (interval?.lowerBound, interval?.upperBound)
    return evidence
  }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

private func covariance(_ ones: [Double], _ others: [Double]) -> Double {
  let (one, other) = (mean(ones), mean(others))
  let sum = zip(ones, others).reduce(0) { $0 + ($1.0 - one) * ($1.1 - other) }
  return sum / Double(ones.count - 1)
}

/// What 95 % of Student's t lie within, to 0.5 % from 7 degrees of freedom on.
///
/// > Source: the expansion of Cornish and Fisher, Abramowitz & Stegun 26.7.5.
private func studentQuantile(_ freedom: Int) -> Double {
  let (z, n) = (1.959_963_985, Double(freedom))
  let cube = z * z * z
  let fifth = cube * z * z
  return z + (cube + z) / (4 * n) + (5 * fifth + 16 * cube + 3 * z) / (96 * n * n)
}
