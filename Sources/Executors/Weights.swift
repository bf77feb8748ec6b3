import NetworkGraph

/// Parameters and running statistics of a network, one flat buffer each, for a whole run.
///
/// Programs keep copies in layouts of their own and renew them when ``version`` has changed, so
/// whoever writes to the buffers calls ``markChanged()`` afterwards.
public final class Weights<Scalar: TensorScalar> {
  /// In the order and layout of `Graph.parameters`.
  public let parameters: Buffer<Scalar>
  /// In the order and layout of `Graph.statistics`.
  public let statistics: Buffer<Scalar>
  public private(set) var version = 0

  public init(parameters: [Scalar], statistics: [Scalar]) {
    self.parameters = Buffer(parameters)
    self.statistics = Buffer(statistics)
  }

  public func markChanged() { version += 1 }
}
