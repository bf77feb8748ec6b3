import NetworkGraph

/// Where the flat buffer of parameters lies on the device: each parameter in its own range, but
/// filters as `[K, s, s, C]` and not as `[K, C, s, s]`.
///
/// Momentum and gradient are in the same order, so that what is done to all numbers alike, the
/// update, needs no layouts. Weights change places when they go to the device and come back.
public struct DeviceOrder: Sendable {
  /// For each place on the device, the place in the networks' order.
  private let sources: [Int]

  public init(_ graph: Graph) {
    sources = graph.parameters.flatMap { parameter -> [Int] in
      let d = parameter.dimensions
      guard d.count == 4 else { return Array(parameter.range) }
      let pixels = d[2] * d[3]
      return (0..<d[0]).flatMap { filter in
        (0..<pixels).flatMap { pixel in
          (0..<d[1]).map { channel in
            parameter.offset + (filter * d[1] + channel) * pixels + pixel
          }
        }
      }
    }
  }

  /// Numbers in the networks' order, as they lie on the device.
  public func toDevice(_ numbers: [Float]) -> [Float] { sources.map { numbers[$0] } }

  /// Numbers from the device, in the networks' order.
  public func fromDevice(_ numbers: [Float]) -> [Float] {
    var result = numbers
    for (place, source) in sources.enumerated() { result[source] = numbers[place] }
    return result
  }
}
