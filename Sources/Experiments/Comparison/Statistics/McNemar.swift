import Foundation

/// Two classifiers on the same test images: whether one is right more often than the other.
///
/// What both get right, or both wrong, says nothing about a difference; the others do. It tells how
/// much the choice of test images may matter, and nothing about another seed.
///
/// > Source: McNemar 1947; Edwards 1948 for the continuity; Agresti and Min 2005 for the interval.
public struct McNemar: Codable, Sendable, Equatable {
  public let images: Int
  /// Images that only the baseline classifies right.
  public let onlyBaseline: Int
  /// Images that only the other one classifies right.
  public let onlyOther: Int
  /// The two-sided probability of a split at least as uneven, were both equally good; exact.
  public let p: Double
  /// The same by the χ² distribution with Edwards's continuity.
  public let approximateP: Double
  /// Of the difference in accuracy, in percent points.
  public let interval: Interval

  public init(images: Int, onlyBaseline: Int, onlyOther: Int) {
    precondition(onlyBaseline >= 0 && onlyOther >= 0 && onlyBaseline + onlyOther <= images)
    self.images = images
    self.onlyBaseline = onlyBaseline
    self.onlyOther = onlyOther
    p = Self.exact(onlyBaseline, onlyOther)
    approximateP = Self.approximate(onlyBaseline, onlyOther)
    interval = Self.interval(images, onlyBaseline, onlyOther)
  }

  /// - Parameters:
  ///   - labels: of the images.
  ///   - baseline: the classes that it takes them for.
  ///   - other: the classes that the other one does.
  public init(labels: [Int], baseline: [Int], other: [Int]) {
    precondition(labels.count == baseline.count && labels.count == other.count)
    var (onlyBaseline, onlyOther) = (0, 0)
    for (label, guesses) in zip(labels, zip(baseline, other)) {
      switch (guesses.0 == label, guesses.1 == label) {
      case (true, false): onlyBaseline += 1
      case (false, true): onlyOther += 1
      case (true, true), (false, false): break
      }
    }
    self.init(images: labels.count, onlyBaseline: onlyBaseline, onlyOther: onlyOther)
  }

  /// By how many percent points the other one is more accurate.
  public var difference: Double {
    images == 0 ? 0 : 100 * Double(onlyOther - onlyBaseline) / Double(images)
  }

  /// Twice the lower tail of the binomial distribution with even odds.
  private static func exact(_ one: Int, _ other: Int) -> Double {
    let (count, fewer) = (one + other, min(one, other))
    var (term, sum) = (-Double(count) * log(2.0), 0.0)
    for successes in 0...fewer {
      sum += exp(term)
      term += log(Double(count - successes)) - log(Double(successes + 1))
    }
    return min(1, 2 * sum)
  }

  private static func approximate(_ one: Int, _ other: Int) -> Double {
    let difference = max(0, abs(Double(one - other)) - 1)
    guard one + other > 0 else { return 1 }
    return erfc((difference * difference / Double(one + other) / 2).squareRoot())
  }

  /// Wald's interval after half an image more in each of the four cells.
  private static func interval(_ images: Int, _ onlyBaseline: Int, _ onlyOther: Int) -> Interval {
    let count = Double(images) + 2
    let (lost, won) = (Double(onlyBaseline) + 0.5, Double(onlyOther) + 0.5)
    let difference = (won - lost) / count
    let variance = (won + lost - (won - lost) * (won - lost) / count) / (count * count)
    let reach = 1.959963984540054 * variance.squareRoot()
    return Interval(lower: 100 * (difference - reach), upper: 100 * (difference + reach))
  }
}
