import Foundation

/// Student's t distribution, as far as confidence intervals need it.
package enum StudentT {
  /// The value that a t variable of so many degrees of freedom stays below with a probability.
  ///
  /// Found by halving: 60 steps are all the digits of a Double.
  package static func quantile(_ probability: Double, degreesOfFreedom: Int) -> Double {
    precondition(probability > 0.5 && probability < 1 && degreesOfFreedom >= 1)
    var (low, high) = (0.0, 1.0)
    while cumulative(high, degreesOfFreedom: degreesOfFreedom) < probability { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let isBelow = cumulative(middle, degreesOfFreedom: degreesOfFreedom) < probability
      (low, high) = isBelow ? (middle, high) : (low, middle)
    }
    return (low + high) / 2
  }

  /// The probability of a value of at most `t`, which is 0 or more.
  ///
  /// The finite sums for whole degrees of freedom.
  ///
  /// > Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
  package static func cumulative(_ t: Double, degreesOfFreedom: Int) -> Double {
    let angle = atan(t / Double(degreesOfFreedom).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    let isOdd = degreesOfFreedom % 2 == 1
    var term = isOdd ? cosine : 1.0
    var sum = degreesOfFreedom == 1 ? 0 : term
    var factor = isOdd ? 2 : 1
    while factor <= degreesOfFreedom - 3 {
      term *= cosine * cosine * Double(factor) / Double(factor + 1)
      sum += term
      factor += 2
    }
    let within = isOdd ? 2 / Double.pi * (angle + sine * sum) : sine * sum
    return (1 + within) / 2
  }
}
