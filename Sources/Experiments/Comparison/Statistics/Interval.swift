/// The ends of a 95 % confidence interval.
public struct Interval: Codable, Sendable, Equatable {
  public var lower: Double
  public var upper: Double

  public init(lower: Double, upper: Double) { (self.lower, self.upper) = (lower, upper) }

  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// Of the mean of what these values are a sample of, by Student's t; nil for fewer than three,
  /// whose interval would say more of the distribution's tails than of the values.
  public init?(meanOf values: [Double]) {
    guard values.count >= 3 else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count - 1) / count).squareRoot()
    let reach = StudentT.quantile(0.975, degreesOfFreedom: values.count - 1) * error
    self.init(lower: mean - reach, upper: mean + reach)
  }
}

extension [Double] {
  /// nil for none.
  var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
