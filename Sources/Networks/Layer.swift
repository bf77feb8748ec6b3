import NetworkGraph

/// A piece of a network, described as a value.
///
/// A layer holds settings only. Weights belong to the graph that ``lower(_:into:)`` extends, under
/// the layer's name, so a network is cheap to make, compare and print. Shapes are inferred from
/// what comes in, so a layer states only what it makes.
public protocol Layer: Sendable {
  /// Extends `graph` with this layer and returns the layer's output.
  func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value
}

/// A layer that is a chain of others: ResNet, a block of it, your own network.
public protocol CompositeLayer: Layer {
  @LayerBuilder var layers: [any Layer] { get }
}

extension CompositeLayer {
  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    try lowerChain(layers, input, into: &graph)
  }
}

extension Layer {
  /// Puts `name` into the path of this layer's parameters: `layer1.0.conv1.weight`.
  public func named(_ name: String) -> Named { Named(name: name, layer: self) }
}

/// A layer whose parameters carry a name.
public struct Named: Layer {
  let name: String
  let layer: any Layer

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    try graph.within(name) { (graph: inout GraphBuilder) throws(GraphError) in
      try layer.lower(input, into: &graph)
    }
  }
}

/// A chain whose layers are named by their position, as in PyTorch's `nn.Sequential`.
///
/// Layers without parameters count too: `features.0` is a convolution, `features.1` its ReLU.
public struct Numbered: Layer {
  let layers: [any Layer]

  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    let named = layers.enumerated().map { $1.named(String($0)) }
    return try lowerChain(named, input, into: &graph)
  }
}

func lowerChain(
  _ layers: [any Layer], _ input: Value, into graph: inout GraphBuilder
) throws(GraphError) -> Value {
  var value = input
  for layer in layers { value = try layer.lower(value, into: &graph) }
  return value
}
