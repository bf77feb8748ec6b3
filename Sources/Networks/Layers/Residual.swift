import NetworkGraph

/// The sum of a chain of layers and a shortcut around it.
///
/// An empty shortcut passes the input on as it is.
///
/// > Source: He et al. 2015, arXiv:1512.03385, §3.2.
public struct Residual: Layer {
  let main: [any Layer]
  let shortcut: [any Layer]

  public init(
    @LayerBuilder _ main: () -> [any Layer],
    @LayerBuilder shortcut: () -> [any Layer] = { [] }
  ) {
    self.main = main()
    self.shortcut = shortcut()
  }

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    let output = try lowerChain(main, input, into: &graph)
    let around = try lowerChain(shortcut, input, into: &graph)
    return try graph.append(.add, output, around)[0]
  }
}
