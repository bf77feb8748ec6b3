extension Graph: CustomStringConvertible {
  /// One line for each node, as in
  /// `%3 = convolution 3×3, padding 1 (%0, %2)  [N, 16, 32, 32]  conv1`.
  public var description: String {
    var lines: [String] = []
    for (index, node) in nodes.enumerated() {
      if index == forwardCount { lines.append("backward:") }
      lines.append(line(for: node, at: index))
    }
    for (name, value) in outputs.sorted(by: { $0.key < $1.key }) {
      lines.append("output \(name) = \(text(value))")
    }
    for (parameter, gradient) in zip(parameters, gradients) {
      lines.append("gradient \(parameter.name) = \(text(gradient))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(for node: Node, at index: Int) -> String {
    let types = node.types.map(\.description).joined(separator: " ")
    let inputs = node.inputs.map { text($0) }.joined(separator: ", ")
    let call = node.operation.name + detail(node.operation) + (inputs.isEmpty ? "" : " (\(inputs))")
    return "%\(index) = \(call)  \(types)" + (node.layer.isEmpty ? "" : "  \(node.layer)")
  }

  private func detail(_ operation: Operation) -> String {
    switch operation {
    case .input(let name, _): " \(name)"
    case .parameter(let index, _): " \(parameters[index].name)"
    case .statistic(let index, _): " \(statistics[index].name)"
    default: operation.window.map { " \($0)" } ?? ""
    }
  }

  private func text(_ value: Value) -> String {
    let single = nodes[value.node].types.count == 1
    return single ? "%\(value.node)" : "%\(value.node).\(value.output)"
  }
}
