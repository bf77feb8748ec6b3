extension Graph {
  /// Checks that the graph can be run: every value exists before it is read, every type follows
  /// from the inputs, the forward pass does not read the backward pass, and the flat buffers of
  /// parameters and statistics have neither holes nor names twice.
  ///
  /// ``GraphBuilder`` verifies what it finishes, so a fault here is one in a layer's code.
  ///
  /// - Throws: ``GraphError`` with code `malformed`.
  /// - Complexity: O(nodes).
  public func verify() throws(GraphError) {
    for index in nodes.indices { try verify(nodeAt: index) }
    try verifyLayout(parameters.map { ($0.name, $0.range) })
    try verifyLayout(statistics.map { ($0.name, $0.range) })
    try verifyResults()
  }

  private func verify(nodeAt index: Int) throws(GraphError) {
    let node = nodes[index]
    try verifySource(node, index)
    for input in node.inputs {
      let exists = 0..<index ~= input.node && nodes[input.node].types.indices ~= input.output
      guard exists else { throw fault(node, "node \(index) reads %\(input.node), made later") }
    }
    let inferred: [TensorType]
    do throws(ShapeFault) {
      inferred = try node.operation.outputTypes(for: node.inputs.map { type(of: $0) })
    } catch {
      throw fault(node, "node \(index): \(error.problem)")
    }
    guard inferred == node.types else {
      throw fault(node, "node \(index) says \(node.types) and computes \(inferred)")
    }
  }

  /// A parameter or statistic that a node reads must be there, in that shape.
  private func verifySource(_ node: Node, _ index: Int) throws(GraphError) {
    switch node.operation {
    case .parameter(let parameter, let type):
      let exists = parameters.indices ~= parameter
      guard exists, type == TensorType(parameters[parameter].dimensions, perImage: false) else {
        throw fault(node, "node \(index) reads parameter \(parameter), which is not \(type)")
      }
    case .statistic(let statistic, let type):
      guard statistics.indices ~= statistic, type == .shared(statistics[statistic].channels) else {
        throw fault(node, "node \(index) reads statistic \(statistic), which is not \(type)")
      }
    default: return
    }
  }

  private func verifyLayout(_ parts: [(name: String, range: Range<Int>)]) throws(GraphError) {
    var end = 0
    var names: Set<String> = []
    for part in parts {
      guard part.range.lowerBound == end, names.insert(part.name).inserted else {
        throw fault(nil, "\(part.name) overlaps another, leaves a hole, or is there twice")
      }
      end = part.range.upperBound
    }
  }

  private func verifyResults() throws(GraphError) {
    for value in Array(outputs.values) + gradients + statisticSources.map(\.value) {
      guard nodes.indices ~= value.node, nodes[value.node].types.indices ~= value.output else {
        throw fault(nil, "a result is %\(value.node), which does not exist")
      }
    }
    for source in statisticSources {
      let exists = statistics.indices ~= source.statistic
      guard exists, type(of: source.value) == .shared(statistics[source.statistic].channels) else {
        throw fault(nil, "statistic \(source.statistic) cannot come from %\(source.value.node)")
      }
    }
    guard gradients.isEmpty || gradients.count == parameters.count else {
      throw fault(nil, "\(gradients.count) gradients for \(parameters.count) parameters")
    }
    for (gradient, parameter) in zip(gradients, parameters) {
      guard type(of: gradient) == TensorType(parameter.dimensions, perImage: false) else {
        throw fault(nil, "the gradient of \(parameter.name) is \(type(of: gradient))")
      }
    }
  }

  private func fault(_ node: Node?, _ problem: String) -> GraphError {
    GraphError(
      .malformed, layer: node?.layer ?? "", problem: problem,
      fix: "this is a fault in the code that built the graph: report it with the network's name")
  }
}

extension Graph {
  /// Checks that `imageCount` images can pass together.
  ///
  /// - Throws: ``GraphError`` when a batch norm would see one value per channel, whose variance
  ///   says nothing (PyTorch refuses it too).
  public func verify(imageCount: Int) throws(GraphError) {
    guard imageCount > 0 else {
      throw GraphError(
        .invalidSetting, problem: "\(imageCount) images cannot pass together",
        fix: "use a micro-batch of 1 or more")
    }
    for source in statisticSources where imageCount * source.valuesPerImage == 1 {
      throw GraphError(
        .invalidSetting, layer: nodes[source.value.node].layer,
        problem: "batch norm would see one value per channel, which has no variance",
        fix: "use micro-batches of 2 or more images; drop the last batch if it has only one")
    }
  }
}
