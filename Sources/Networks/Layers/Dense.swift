import NetworkGraph

/// A fully connected layer: y = x·weightᵀ + bias.
///
/// ## Shapes
/// - input: `[N, F]`
/// - weight: `[outputs, F]`, bias: `[outputs]`
/// - output: `[N, outputs]`
public struct Dense: Layer {
  /// Where a dense layer's weights start.
  public enum Initialization: Sendable {
    /// Weights and bias uniform within ±1/√F: PyTorch's default.
    case fanIn
    /// Weights normal, bias 0: the reference's VGG has deviation 0.01.
    case normal(deviation: Double)
  }

  let outputs: Int
  let initialization: Initialization

  public init(_ outputs: Int, initialization: Initialization = .fanIn) {
    self.outputs = outputs
    self.initialization = initialization
  }

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    let type = graph.type(of: input)
    guard type.dimensions.count == 1 else {
      throw GraphError(
        .shapeMismatch, layer: graph.layer, problem: "a dense layer cannot take \(type)",
        fix: "put a Flatten layer before it")
    }
    let bound = 1 / Double(type.elementCount).squareRoot()
    let (weights, biases): (InitialValues, InitialValues) =
      switch initialization {
      case .fanIn: (.uniform(bound: bound), .uniform(bound: bound))
      case .normal(let deviation): (.normal(deviation: deviation), .constant(0))
      }
    let weight = try graph.parameter("weight", [outputs, type.elementCount], weights)
    let bias = try graph.parameter("bias", [outputs], biases)
    return try graph.append(.dense, input, weight, bias)[0]
  }
}

/// Turns images `[N, C, H, W]` into features `[N, C·H·W]`.
public struct Flatten: Layer {
  public init() {}

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    try graph.append(.flatten, input)[0]
  }
}
