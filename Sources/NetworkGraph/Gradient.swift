extension GraphBuilder {
  /// Appends the backward pass of the mean of `losses` over the images, and finishes the graph.
  ///
  /// - Parameter losses: one loss for each image, `[N]`.
  /// - Throws: ``GraphError`` when a parameter does not influence the loss.
  public consuming func finish(minimizing losses: Value) throws(GraphError) -> Graph {
    let forwardCount = nodes.count
    let wanted = valuesThatDependOnParameters()
    var gradients = [losses: try append(.meanWeight)[0]]
    for index in (0..<forwardCount).reversed() {
      let node = nodes[index]
      guard let dy = gradients[Value(node: index)], wanted.contains(index) else { continue }
      try within(node.layer) { (builder) throws(GraphError) in
        let contributions = try builder.gradients(of: node, at: index, given: dy) {
          wanted.contains($0.node)
        }
        for (input, contribution) in zip(node.inputs, contributions) {
          guard let contribution else { continue }
          if let others = gradients[input] {
            gradients[input] = try builder.append(.add, others, contribution)[0]
          } else {
            gradients[input] = contribution
          }
        }
      }
    }
    return try finish(forwardCount: forwardCount, gradients: try parameterGradients(gradients))
  }

  /// The gradient table: what each operation passes back to each of its inputs, given `dy`, the
  /// gradient of the loss for its first output.
  ///
  /// nil for an input that gets nothing, or that `wants` does not ask for. There is no `default`:
  /// an operation without a rule does not compile.
  private mutating func gradients(
    of node: Node, at index: Int, given dy: Value, wants: (Value) -> Bool
  ) throws(GraphError) -> [Value?] {
    let inputs = node.inputs
    switch node.operation {
    case .input, .labels, .parameter, .statistic, .meanWeight:
      return []
    case .convolution(let window):
      let gradient = Operation.convolutionInputGradient(window, input: type(of: inputs[0]))
      let dx = wants(inputs[0]) ? try append(gradient, dy, inputs[1])[0] : nil
      let bias = inputs.count == 3
      return [dx] + (try append(.convolutionWeightGradient(window, bias: bias), inputs[0], dy))
    case .batchNorm(let epsilon):
      let (mean, variance) = (Value(node: index, output: 1), Value(node: index, output: 2))
      return try append(
        .batchNormGradient(epsilon: epsilon), inputs[0], inputs[1], mean, variance, dy)
    case .relu:
      return try append(.reluGradient, Value(node: index), dy)
    case .add:
      return [dy, dy]
    case .maximumPool(let window):
      let choice = Value(node: index, output: 1)
      return try append(.maximumPoolGradient(window, input: type(of: inputs[0])), choice, dy)
    case .averagePool(let window):
      return try append(.averagePoolGradient(window, input: type(of: inputs[0])), dy)
    case .flatten:
      return try append(.flattenGradient(input: type(of: inputs[0])), dy)
    case .dense:
      let dx = wants(inputs[0]) ? try append(.denseInputGradient, dy, inputs[1])[0] : nil
      return [dx] + (try append(.denseWeightGradient, inputs[0], dy))
    case .softmaxCrossEntropy:
      let probabilities = Value(node: index, output: 1)
      return try append(.softmaxCrossEntropyGradient, probabilities, inputs[1], dy) + [nil]
    case .normalize:
      throw notDifferentiable(node, "it is batch norm for evaluation: build the graph for training")
    case .convolutionInputGradient, .convolutionWeightGradient, .batchNormGradient, .reluGradient,
      .maximumPoolGradient, .averagePoolGradient, .flattenGradient, .denseInputGradient,
      .denseWeightGradient, .softmaxCrossEntropyGradient:
      throw notDifferentiable(node, "it is a gradient itself; second derivatives are not defined")
    }
  }

  /// The nodes whose output changes when a parameter changes; no others need a gradient, and so
  /// the images get none.
  private func valuesThatDependOnParameters() -> Set<Int> {
    var found: Set<Int> = []
    for (index, node) in nodes.enumerated() {
      if case .parameter = node.operation { found.insert(index) }
      if node.inputs.contains(where: { found.contains($0.node) }) { found.insert(index) }
    }
    return found
  }

  private func parameterGradients(_ gradients: [Value: Value]) throws(GraphError) -> [Value] {
    var found: [Value] = []
    for (index, node) in nodes.enumerated() {
      guard case .parameter(let parameter, _) = node.operation else { continue }
      guard let gradient = gradients[Value(node: index)] else {
        throw GraphError(
          .malformed, layer: node.layer,
          problem: "\(parameters[parameter].name) does not influence the loss",
          fix: "use the layer's output, or leave the layer out")
      }
      found.append(gradient)
    }
    return found
  }

  private func notDifferentiable(_ node: Node, _ reason: String) -> GraphError {
    GraphError(
      .malformed, layer: node.layer, problem: "\(node.operation.name) has no gradient",
      fix: reason)
  }
}
