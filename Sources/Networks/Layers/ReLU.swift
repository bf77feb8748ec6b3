import NetworkGraph

/// The larger of x and 0, for each element.
public struct ReLU: Layer {
  public init() {}

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    try graph.append(.relu, input)[0]
  }
}
