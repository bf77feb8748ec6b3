import NetworkGraph

/// One row of a network's table: what a layer does, makes, learns and costs.
public struct LayerSummary: Sendable, Equatable {
  /// As in a checkpoint; empty for layers without a name of their own.
  public let layer: String
  public let operation: String
  public let output: TensorType
  /// Numbers that the layer learns.
  public let parameterCount: Int
  /// Floating-point operations of one image's forward pass, counted as
  /// `Graph.floatingPointOperations(of:)` does.
  public let forwardOperations: Int
  /// The same with the backward pass, where the graph has one.
  public let trainingOperations: Int

  /// The rows of a graph's forward pass, in order.
  public static func rows(of graph: Graph) -> [LayerSummary] {
    let backward = graph.backwardOperations
    return graph.nodes[..<graph.forwardCount].compactMap { node in
      switch node.operation {
      case .parameter, .statistic, .labels, .softmaxCrossEntropy: return nil
      default: break
      }
      let window = node.operation.window.map { " \($0)" } ?? ""
      let learned = node.inputs.compactMap { graph.parameterIndex(of: $0) }
      let forward = graph.floatingPointOperations(of: node)
      return LayerSummary(
        layer: node.layer, operation: node.operation.name + window, output: node.types[0],
        parameterCount: learned.reduce(0) { $0 + graph.parameters[$1].elementCount },
        forwardOperations: forward,
        trainingOperations: forward + learned.reduce(0) { $0 + (backward[$1] ?? 0) })
    }
  }
}

extension Graph {
  fileprivate func parameterIndex(of value: Value) -> Int? {
    guard case .parameter(let index, _) = nodes[value.node].operation else { return nil }
    return index
  }

  /// The backward pass's operations by the parameter that they multiply or whose gradient they
  /// make: layers may share a name, or have none.
  fileprivate var backwardOperations: [Int: Int] {
    var operations: [Int: Int] = [:]
    var parameterOf: [Value: Int] = [:]
    for (parameter, gradient) in gradients.enumerated() { parameterOf[gradient] = parameter }
    for (index, node) in nodes.enumerated().dropFirst(forwardCount) {
      let work = floatingPointOperations(of: node)
      let multiplied = node.inputs.lazy.compactMap { self.parameterIndex(of: $0) }.first
      guard work > 0, let parameter = parameterOf[Value(node: index)] ?? multiplied else {
        continue
      }
      operations[parameter, default: 0] += work
    }
    return operations
  }
}
