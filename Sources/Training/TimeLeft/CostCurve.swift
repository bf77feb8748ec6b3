import Foundation

/// Seconds of an update by its work: a constant part and a part that grows with the work.
///
/// The constant is what a small batch pays for: starting kernels on an accelerator, adding up over
/// ranks, the optimizer. Where an image costs more in a large batch than in a small one, as on a
/// CPU whose caches it leaves, there is no constant, and the work has an exponent above 1.
struct CostCurve: Sendable {
  struct Point: Sendable {
    /// Images, or passes where all passes are of one size.
    var work: Double
    var seconds: Double
    /// How often it was measured.
    var weight: Double
  }

  private var constant = 0.0
  private var perWork = 0.0
  private var exponent = 1.0

  func seconds(for work: Double) -> Double { constant + perWork * pow(work, exponent) }

  /// Fits the curve to what was measured; nil for nothing.
  ///
  /// Larger work counts more, for what is asked for is larger still.
  init?(_ points: [Point]) {
    let points = points.filter { $0.seconds > 0 }
    guard let largest = points.map(\.work).max() else { return nil }
    let weighted = points.map { point in
      let share = point.work / largest
      return Point(work: point.work, seconds: point.seconds, weight: point.weight * share * share)
    }
    if !fitLine(weighted) { fitPower(weighted) }
  }

  /// Least squares of relative errors: seconds ≈ a + b·work; returns whether a is 0 or more.
  ///
  /// A weak pull of a to 0 decides where the points cannot, so one point alone gives seconds per
  /// image.
  private mutating func fitLine(_ points: [Point]) -> Bool {
    var (cc, cw, ww, c, w) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let (one, work) = (1 / point.seconds, point.work / point.seconds)
      cc += point.weight * one * one
      cw += point.weight * one * work
      ww += point.weight * work * work
      c += point.weight * one
      w += point.weight * work
    }
    cc += 0.01 * points.reduce(0) { max($0, 1 / ($1.seconds * $1.seconds)) }
    let determinant = cc * ww - cw * cw
    constant = (c * ww - w * cw) / determinant
    // Noise may say that more work takes less time; it takes at least a little more.
    perWork = max((w * cc - c * cw) / determinant, 0.01 * w / ww)
    return constant >= 0
  }

  /// Least squares of logarithms: seconds ≈ b·work^p, p from 1 to 1.1.
  ///
  /// A pull of p to 1, as strong as a few measurements, keeps noise from bending it.
  private mutating func fitPower(_ points: [Point]) {
    let weight = points.reduce(0) { $0 + $1.weight }
    let meanWork = points.reduce(0) { $0 + $1.weight * log($1.work) } / weight
    let meanSeconds = points.reduce(0) { $0 + $1.weight * log($1.seconds) } / weight
    var (both, square) = (0.0, 1.0)
    for point in points {
      let work = log(point.work) - meanWork
      both += point.weight * work * (log(point.seconds) - meanSeconds - work)
      square += point.weight * work * work
    }
    constant = 0
    exponent = min(max(1, 1 + both / square), 1.1)
    perWork = exp(meanSeconds - exponent * meanWork)
  }
}
