/// The ratio of two means, with the 95 % interval of Fieller's theorem.
///
/// > Source: Fieller 1954, "Some problems in interval estimation", JRSS B 16 (2).
public struct RatioEstimate: Sendable, Equatable {
  /// Meaningless where the mean below is not above 0.
  public let value: Double

  /// The ends of the interval; nil for an end that there is not.
  ///
  /// Where the mean below may be 0 there is no upper end, and a lower one only where smaller ratios
  /// from 0 on are ruled out.
  public let lower: Double?
  public let upper: Double?

  /// nil where an end is missing.
  public var interval: ClosedRange<Double>? {
    guard let lower, let upper else { return nil }
    return lower...upper
  }

  init(_ above: [Double], over below: [Double]) {
    let (y, x, count) = (above.mean, below.mean, Double(above.count))
    value = y / x
    let t = studentQuantile(above.count - 1)
    let (yy, xx) = (covariance(above, above) / count, covariance(below, below) / count)
    let xy = covariance(above, below) / count
    // The ratios r with (y − r·x)² ≤ t²·(yy − 2r·xy + r²·xx).
    let a = x * x - t * t * xx
    let b = x * y - t * t * xy
    let c = y * y - t * t * yy
    (lower, upper) = ends(a, b, c, isPositive: x > 0)
  }

  /// Half of the interval as a share of the value; nil where it has no ends.
  var relativeWidth: Double? {
    guard let interval, value > 0 else { return nil }
    return (interval.upperBound - interval.lowerBound) / 2 / value
  }

  /// As people read it: `812 (640–1010)`.
  var text: String {
    let text = value.rounded(digits: 3)
    guard lower != nil || upper != nil else { return "\(text) (no bounds)" }
    let low = lower?.rounded(digits: 3) ?? "0"
    let high = upper?.rounded(digits: 3) ?? "∞"
    return "\(text) (\(low)–\(high))"
  }

  func evidence(_ signal: String) -> Evidence {
    var evidence = Evidence(signal: signal)
    evidence.value = value.isFinite && value > 0 ? value : nil
    (evidence.lower, evidence.upper) = (lower, upper)
    return evidence
  }
}

/// The ends of what a·r² − 2b·r + c ≤ 0 leaves of the ratios r from 0 on, where it is one interval.
private func ends(
  _ a: Double, _ b: Double, _ c: Double, isPositive: Bool
) -> (lower: Double?, upper: Double?) {
  let root = max(0, b * b - a * c).squareRoot()
  let (one, other) = ((b - root) / a, (b + root) / a)
  // Squares of squares may overflow, and a range of what is no number would trap.
  guard one.isFinite, other.isFinite else { return (nil, nil) }
  if a > 0 { return isPositive ? (one, other) : (nil, nil) }
  // With a < 0 it is all but what lies between the two.
  return b * b > a * c && other < 0 && one > 0 ? (one, nil) : (nil, nil)
}

extension [Double] {
  var mean: Double { reduce(0, +) / Double(count) }
}

private func covariance(_ ones: [Double], _ others: [Double]) -> Double {
  let (one, other) = (ones.mean, others.mean)
  let sum = zip(ones, others).reduce(0) { $0 + ($1.0 - one) * ($1.1 - other) }
  return sum / Double(ones.count - 1)
}

/// What 95 % of Student's t lie within, to 0.1 % from 7 degrees of freedom on.
///
/// > Source: the expansion of Cornish and Fisher, Abramowitz & Stegun 26.7.5.
private func studentQuantile(_ freedom: Int) -> Double {
  let (z, n) = (1.959_963_985, Double(freedom))
  let cube = z * z * z
  let fifth = cube * z * z
  let first = (cube + z) / 4
  let second = (5 * fifth + 16 * cube + 3 * z) / 96
  let third = (3 * fifth * z * z + 19 * fifth + 17 * cube - 15 * z) / 384
  return z + (first + (second + third / n) / n) / n
}
