import NetworkGraph

/// A square 2-D convolution.
///
/// Input channels are read from the input, so only the output width is stated.
///
/// ## Shapes
/// - input: `[N, C, H, W]`
/// - weight: `[filters, C, size, size]`, bias: `[filters]`
/// - output: `[N, filters, H′, W′]`, with `H′ = (H + 2·padding − size) / stride + 1`, rounded down
///
/// - Complexity: 2·N·filters·C·size²·H′·W′ floating-point operations.
public struct Convolution: Layer {
  /// Where a convolution's weights start.
  public enum Initialization: Sendable {
    /// Weights and bias uniform within ±1/√(C·size²): PyTorch's default.
    case fanIn
    /// Weights normal with deviation √(2 / (size²·filters)), bias 0: He et al. 2015,
    /// arXiv:1502.01852, eq. 14, for the backward pass; the reference's ResNet and VGG.
    case fanOut
  }

  let filters: Int
  let window: Window
  let bias: Bool
  let initialization: Initialization

  public init(
    _ filters: Int, size: Int, stride: Int = 1, padding: Int = 0, bias: Bool = true,
    initialization: Initialization = .fanIn
  ) {
    self.filters = filters
    self.window = Window(size: size, stride: stride, padding: padding)
    self.bias = bias
    self.initialization = initialization
  }

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    let channels = try graph.channels(of: input, for: "convolution")
    let taps = window.size * window.size
    let bound = 1 / Double(channels * taps).squareRoot()
    let (weights, biases): (InitialValues, InitialValues) =
      switch initialization {
      case .fanIn: (.uniform(bound: bound), .uniform(bound: bound))
      case .fanOut: (.normal(deviation: (2 / Double(taps * filters)).squareRoot()), .constant(0))
      }
    let shape = [filters, channels, window.size, window.size]
    let weight = try graph.parameter("weight", shape, weights)
    guard bias else { return try graph.append(.convolution(window), input, weight)[0] }
    let biasValue = try graph.parameter("bias", [filters], biases)
    return try graph.append(.convolution(window), input, weight, biasValue)[0]
  }
}

extension GraphBuilder {
  /// The channels of an image `[N, C, H, W]`.
  func channels(of input: Value, for layer: String) throws(GraphError) -> Int {
    let type = type(of: input)
    guard type.dimensions.count == 3 else {
      throw GraphError(
        .shapeMismatch, layer: self.layer, problem: "\(layer) cannot take \(type)",
        fix: "put it before the Flatten layer, where images still have a height and a width")
    }
    return type.dimensions[0]
  }
}
