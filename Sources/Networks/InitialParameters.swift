import NetworkGraph
import Randomness

extension Graph {
  /// First values of all parameters, in the flat buffer's order.
  ///
  /// Each parameter draws from its own stream, a function of `seed` and the parameter's position,
  /// so a value depends on nothing else.
  public func initialParameters(seed: UInt64) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(parameterCount)
    for (index, parameter) in parameters.enumerated() {
      var stream = RandomStream(seed: seed, purpose: .initialWeights, index: index)
      for _ in 0..<parameter.elementCount {
        values.append(Float(parameter.initial.draw(from: &stream)))
      }
    }
    return values
  }

  /// First values of all running statistics: means 0, variances 1.
  public func initialStatistics<Scalar: BinaryFloatingPoint>() -> [Scalar] {
    statistics.flatMap { Array(repeating: Scalar($0.initial), count: $0.channels) }
  }
}

extension InitialValues {
  func draw(from stream: inout RandomStream) -> Double {
    switch self {
    case .constant(let value): value
    case .normal(let deviation): deviation * stream.normal()
    case .uniform(let bound): bound * (2 * stream.uniform() - 1)
    }
  }
}
