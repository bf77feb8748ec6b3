import NetworkGraph

/// The largest pixel of each window.
///
/// ## Shapes
/// - input: `[N, C, H, W]`
/// - output: `[N, C, H′, W′]`, with `H′ = (H + 2·padding − size) / stride + 1`, rounded down
public struct MaxPool: Layer {
  let window: Window

  /// - Parameter stride: the window's size unless given.
  public init(_ size: Int, stride: Int? = nil, padding: Int = 0) {
    window = Window(size: size, stride: stride ?? size, padding: padding)
  }

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    try graph.append(.maximumPool(window), input)[0]
  }
}

/// The mean of each whole channel.
///
/// ## Shapes
/// - input: `[N, C, H, H]`
/// - output: `[N, C, 1, 1]`
public struct GlobalAveragePool: Layer {
  public init() {}

  public func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    _ = try graph.channels(of: input, for: "global average pooling")
    let type = graph.type(of: input)
    guard type.dimensions[1] == type.dimensions[2] else {
      throw GraphError(
        .shapeMismatch, layer: graph.layer,
        problem: "global average pooling takes square images, not \(type)",
        fix: "crop or pad the images to a square")
    }
    return try graph.append(.averagePool(Window(size: type.dimensions[1])), input)[0]
  }
}
