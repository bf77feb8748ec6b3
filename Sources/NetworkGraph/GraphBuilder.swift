/// Grows a graph node by node, inferring every shape.
public struct GraphBuilder {
  /// What the graph is for: batch norm uses the statistics of its images, or the running ones.
  public enum Mode: Sendable { case training, evaluation }

  public let mode: Mode
  var nodes: [Node] = []
  var parameters: [Parameter] = []
  var statistics: [Statistic] = []
  var statisticSources: [StatisticSource] = []
  var outputs: [String: Value] = [:]
  private var scope: [String] = []

  public init(mode: Mode) { self.mode = mode }

  /// The layer being built, as in a checkpoint: `layer1.0.conv1`.
  public var layer: String { scope.joined(separator: ".") }

  public func type(of value: Value) -> TensorType { nodes[value.node].types[value.output] }

  /// Builds what `body` describes with `name` appended to the layer's path.
  public mutating func within<Result>(
    _ name: String, _ body: (inout GraphBuilder) throws(GraphError) -> Result
  ) throws(GraphError) -> Result {
    scope.append(name)
    defer { scope.removeLast() }
    return try body(&self)
  }

  /// Appends a node and returns its outputs.
  ///
  /// - Throws: ``GraphError`` with code `shapeMismatch` when the inputs do not fit.
  @discardableResult
  public mutating func append(
    _ operation: Operation, _ inputs: Value...
  ) throws(GraphError) -> [Value] {
    let types: [TensorType]
    do throws(ShapeFault) {
      types = try operation.outputTypes(for: inputs.map { type(of: $0) })
    } catch {
      throw GraphError(
        .shapeMismatch, layer: layer, problem: error.problem,
        fix: "change this layer's settings, or the size of the images that reach it")
    }
    nodes.append(Node(operation: operation, inputs: inputs, types: types, layer: layer))
    return types.indices.map { Value(node: nodes.count - 1, output: $0) }
  }

  /// Declares a tensor that the caller feeds, such as the images.
  public mutating func input(_ name: String, _ type: TensorType) throws(GraphError) -> Value {
    try append(.input(name, type))[0]
  }

  /// Declares a parameter of the current layer.
  public mutating func parameter(
    _ name: String, _ dimensions: [Int], _ initial: InitialValues
  ) throws(GraphError) -> Value {
    let parameter = Parameter(
      name: path(name), dimensions: dimensions, initial: initial,
      offset: parameters.last?.range.upperBound ?? 0)
    guard dimensions.allSatisfy({ $0 > 0 }) else {
      throw GraphError(
        .invalidSetting, layer: layer, problem: "\(parameter.name) would be \(dimensions)",
        fix: "give the layer 1 or more outputs, and windows of 1 or more pixels")
    }
    guard !parameters.contains(where: { $0.name == parameter.name }) else {
      throw GraphError(
        .invalidSetting, layer: layer, problem: "two parameters are called \(parameter.name)",
        fix: "give the layers different names")
    }
    parameters.append(parameter)
    let type = TensorType(dimensions, perImage: false)
    return try append(.parameter(index: parameters.count - 1, type))[0]
  }

  /// Declares a running statistic of the current layer, one value for each channel.
  public mutating func statistic(
    _ name: String, _ kind: Statistic.Kind, channels: Int, momentum: Double
  ) -> Int {
    statistics.append(
      Statistic(
        name: path(name), kind: kind, channels: channels,
        offset: statistics.last?.range.upperBound ?? 0, momentum: momentum))
    return statistics.count - 1
  }

  /// Reads a running statistic.
  public mutating func read(statistic index: Int) throws(GraphError) -> Value {
    let type = TensorType.shared(statistics[index].channels)
    return try append(.statistic(index: index, type))[0]
  }

  /// Says that `value` is what goes into a running statistic after each micro-batch.
  public mutating func update(statistic index: Int, from value: Value, valuesPerImage: Int) {
    statisticSources.append(
      StatisticSource(statistic: index, value: value, valuesPerImage: valuesPerImage))
  }

  /// Makes `value` readable by the caller.
  public mutating func output(_ name: String, _ value: Value) { outputs[name] = value }

  /// The graph so far, without a backward pass.
  public func finish() throws(GraphError) -> Graph {
    try finish(forwardCount: nodes.count, gradients: [])
  }

  func finish(forwardCount: Int, gradients: [Value]) throws(GraphError) -> Graph {
    let graph = Graph(
      nodes: nodes, forwardCount: forwardCount, parameters: parameters, statistics: statistics,
      outputs: outputs, gradients: gradients, statisticSources: statisticSources)
    try graph.verify()
    return graph
  }

  private func path(_ name: String) -> String { (scope + [name]).joined(separator: ".") }
}
