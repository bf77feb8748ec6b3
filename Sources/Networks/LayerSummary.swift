import NetworkGraph

/// One row of a network's table: what a layer does, makes and learns.
public struct LayerSummary: Sendable, Equatable {
  /// As in a checkpoint; empty for layers without a name of their own.
  public let layer: String
  public let operation: String
  public let output: TensorType
  /// Numbers that the layer learns.
  public let parameterCount: Int

  /// The rows of a graph's forward pass, in order.
  public static func rows(of graph: Graph) -> [LayerSummary] {
    graph.nodes[..<graph.forwardCount].compactMap { node in
      switch node.operation {
      case .parameter, .statistic, .labels, .softmaxCrossEntropy: return nil
      default: break
      }
      let window = node.operation.window.map { " \($0)" } ?? ""
      let learned = node.inputs.reduce(0) { sum, input in
        guard case .parameter(let index, _) = graph.nodes[input.node].operation else { return sum }
        return sum + graph.parameters[index].elementCount
      }
      return LayerSummary(
        layer: node.layer, operation: node.operation.name + window, output: node.types[0],
        parameterCount: learned)
    }
  }
}
