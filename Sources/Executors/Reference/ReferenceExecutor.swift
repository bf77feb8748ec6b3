import NetworkGraph

/// Runs graphs in plain Swift loops, as the definitions are written.
///
/// Slow and obvious, for any type of number: the other executors are compared with it.
public struct ReferenceExecutor<Scalar: TensorScalar>: Executor {
  public let name = "reference"

  public init() {}

  public func compile(_ graph: Graph, imageCount: Int) throws -> any Program<Scalar> {
    try graph.verify(imageCount: imageCount)
    return ReferenceProgram<Scalar>(graph: graph, imageCount: imageCount)
  }
}

/// One array for each value, made by one function call for each node.
final class ReferenceProgram<Scalar: TensorScalar>: Program {
  let graph: Graph
  let imageCount: Int
  private var values: [Value: [Scalar]] = [:]
  private var labels: [Int] = []
  private var stop: StopRequest?

  init(graph: Graph, imageCount: Int) {
    self.graph = graph
    self.imageCount = imageCount
  }

  var memoryBytes: Int {
    let elements = graph.nodes.flatMap(\.types).map { $0.elementCount(images: imageCount) }
    return elements.reduce(0, +) * MemoryLayout<Scalar>.stride
  }

  func forward(_ feed: Feed<Scalar>, weights: Weights<Scalar>) throws(ExecutorError) {
    values.removeAll()
    stop = feed.stop
    labels = feed.labels.map { labels in (0..<imageCount).map { Int(labels[$0]) } } ?? []
    for (index, node) in graph.nodes.enumerated() {
      if let source = source(of: node, feed, weights) { values[Value(node: index)] = source }
    }
    try run(0..<graph.forwardCount)
  }

  func backward(into gradient: UnsafeMutablePointer<Scalar>) throws(ExecutorError) {
    try run(graph.forwardCount..<graph.nodes.count)
    for (parameter, value) in zip(graph.parameters, graph.gradients) {
      for (index, element) in self[value].enumerated() {
        gradient[parameter.offset + index] = element
      }
    }
  }

  func output(_ name: String) -> [Scalar] {
    guard let value = graph.outputs[name] else { preconditionFailure("no output '\(name)'") }
    return self[value]
  }

  func batchStatistics() -> [Scalar] {
    var flat = Array(repeating: Scalar(0), count: graph.statisticCount)
    for source in graph.statisticSources {
      let statistic = graph.statistics[source.statistic]
      let n = Scalar(imageCount * source.valuesPerImage)
      let factor = statistic.kind == .variance ? n / (n - 1) : 1
      flat.replaceSubrange(statistic.range, with: self[source.value].map { factor * $0 })
    }
    return flat
  }

  private subscript(_ value: Value) -> [Scalar] {
    guard let elements = values[value] else { preconditionFailure("%\(value.node) was not run") }
    return elements
  }

  /// What the caller brings for a node, or nil where it is computed.
  private func source(
    of node: Node, _ feed: Feed<Scalar>, _ weights: Weights<Scalar>
  ) -> [Scalar]? {
    let count = node.types[0].elementCount(images: imageCount)
    switch node.operation {
    case .input(let name, _):
      guard let input = feed.inputs[name] else { preconditionFailure("no input '\(name)'") }
      return Array(UnsafeBufferPointer(start: input, count: count))
    case .parameter(let index, _):
      let start = weights.parameters.pointer + graph.parameters[index].offset
      return Array(UnsafeBufferPointer(start: start, count: count))
    case .statistic(let index, _):
      let start = weights.statistics.pointer + graph.statistics[index].offset
      return Array(UnsafeBufferPointer(start: start, count: count))
    case .labels: return labels.map { Scalar($0) }
    case .meanWeight: return Array(repeating: 1 / Scalar(imageCount), count: imageCount)
    default: return nil
    }
  }

  // Without specialisation the loops below would call through a table for each addition.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func run(_ range: Range<Int>) throws(ExecutorError) {
    for index in range {
      try stop?.check()
      for (output, elements) in compute(graph.nodes[index]).enumerated() {
        values[Value(node: index, output: output)] = elements
      }
    }
  }

  /// The outputs of a node; none for sources, which the caller brings.
  private func compute(_ node: Node) -> [[Scalar]] {
    let inputs = node.inputs.map { self[$0] }
    let types = node.inputs.map { graph.type(of: $0) }
    func shape(_ type: TensorType) -> ImageShape { ImageShape(type, count: imageCount) }
    switch node.operation {
    case .input, .labels, .parameter, .statistic, .meanWeight:
      return []
    case .convolution(let window):
      let bias = inputs.count == 3 ? inputs[2] : nil
      let filters = types[1].dimensions[0]
      return [convolution(inputs[0], shape(types[0]), inputs[1], bias, filters, window)]
    case .batchNorm(let epsilon):
      return batchNorm(inputs[0], shape(types[0]), inputs[1], inputs[2], epsilon)
    case .normalize(let epsilon):
      return [
        normalize(
          inputs[0], shape(types[0]), scale: inputs[1], shift: inputs[2], mean: inputs[3],
          variance: inputs[4], epsilon)
      ]
    case .relu: return [inputs[0].map { $0 > 0 ? $0 : 0 }]
    case .add: return [zip(inputs[0], inputs[1]).map { $0 + $1 }]
    case .maximumPool(let window): return maximumPool(inputs[0], shape(types[0]), window)
    case .averagePool(let window): return [averagePool(inputs[0], shape(types[0]), window)]
    case .flatten, .flattenGradient: return [inputs[0]]
    case .dense: return [dense(inputs[0], inputs[1], inputs[2], count: imageCount)]
    case .softmaxCrossEntropy:
      let (losses, probabilities) = softmaxCrossEntropy(inputs[0], labels)
      return [losses, probabilities]
    case .convolutionInputGradient(let window, let input):
      return [convolutionInputGradient(inputs[0], shape(input), inputs[1], window)]
    case .convolutionWeightGradient(let window, let bias):
      let gradients = convolutionWeightGradient(
        inputs[0], shape(types[0]), inputs[1], shape(types[1]), window)
      return bias ? gradients : [gradients[0]]
    case .batchNormGradient(let epsilon):
      return batchNormGradient(
        inputs[0], shape(types[0]), scale: inputs[1], mean: inputs[2], variance: inputs[3],
        dy: inputs[4], epsilon)
    case .reluGradient: return [zip(inputs[0], inputs[1]).map { $0 > 0 ? $1 : 0 }]
    case .maximumPoolGradient(let window, let input):
      return [maximumPoolGradient(inputs[0], inputs[1], shape(input), window)]
    case .averagePoolGradient(let window, let input):
      return [averagePoolGradient(inputs[0], shape(input), window)]
    case .denseInputGradient:
      return [denseInputGradient(inputs[0], inputs[1], count: imageCount)]
    case .denseWeightGradient:
      return denseWeightGradient(inputs[0], inputs[1], count: imageCount)
    case .softmaxCrossEntropyGradient:
      return [softmaxCrossEntropyGradient(inputs[0], labels, weight: inputs[2])]
    }
  }
}
