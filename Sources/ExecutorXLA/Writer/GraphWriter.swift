import Executors
import NetworkGraph

/// Writes a graph's nodes as StableHLO: which operations, in which layouts and types.
///
/// Images are `[N, H, W, C]` and filters `[K, s, s, C]`, the layouts of cuDNN's fastest kernels, so
/// nothing is transposed on the way. Activations and the weights that are multiplied by have the
/// precision's type; statistics, logits, losses, sums and gradients of parameters are f32, those of
/// a convolution's filters rounded once to the precision, as cuDNN gives them. What is
/// done per operation stands in the extensions, one file for each family.
struct GraphWriter {
  let graph: Graph
  let precision: Precision
  /// Images that pass together, in groups with batch statistics of their own.
  let imageCount: Int
  let groups: Int
  let readers: [Value: [Int]]

  var text: HLOText
  var values: [Value: HLOValue] = [:]
  /// Convolutions whose bias the batch norm behind them takes away again, and the bias.
  var idleBiases: [Value: HLOValue] = [:]
  /// The means of such a batch norm as they would be without the bias, by its mean.
  var meansWithoutBias: [Value: HLOValue] = [:]
  /// What a maximum was taken of, by the value that says which it was.
  var pooled: [Value: Value] = [:]

  /// - Parameters:
  ///   - text: what the nodes are written behind.
  ///   - imageCount: a multiple of `groups`.
  init(_ graph: Graph, _ precision: Precision, imageCount: Int, groups: Int = 1, text: HLOText) {
    precondition(imageCount % groups == 0, "\(imageCount) images in \(groups) groups")
    (self.graph, self.precision, self.imageCount) = (graph, precision, imageCount)
    (self.groups, self.text) = (groups, text)
    readers = graph.readers
  }

  /// What comes into a program from outside.
  struct Sources {
    /// By the names of the graph's inputs, `[N, H, W, C]` or `[N, F]`.
    var inputs: [String: HLOValue]
    /// The class of each image, i32; nil for a graph without.
    var labels: HLOValue?
    /// All parameters and all running statistics, f32, flat, in ``DeviceOrder``.
    var parameters, statistics: HLOValue
  }

  /// Writes both passes, or the forward pass of a graph that has no other.
  mutating func write(_ sources: Sources) {
    var layer = ""
    for (index, node) in graph.nodes.enumerated() {
      if node.layer != layer, !node.layer.isEmpty {
        layer = node.layer
        text.comment(index < graph.forwardCount ? layer : "\(layer), backward")
      }
      write(node, at: index, sources)
    }
  }

  private mutating func write(_ node: Node, at index: Int, _ sources: Sources) {
    switch node.operation {
    case .input(let name, _):
      guard let input = sources.inputs[name] else { preconditionFailure("no input '\(name)'") }
      define(index, input)
    case .labels:
      guard let labels = sources.labels else { preconditionFailure("no labels") }
      define(index, labels)
    case .parameter(let parameter, let type):
      let range = graph.parameters[parameter].range
      define(index, text.reshape(text.slice(sources.parameters, [range]), deviceDimensions(type)))
    case .statistic(let statistic, _):
      define(index, text.slice(sources.statistics, [graph.statistics[statistic].range]))
    case .meanWeight:
      define(index, text.constant(1 / Double(imageCount), HLOType([imageCount], .f32)))
    case .convolution(let window): writeConvolution(node, at: index, window)
    case .convolutionInputGradient(let window, let input):
      writeConvolutionInputGradient(node, at: index, window, input)
    case .convolutionWeightGradient(let window, let bias):
      writeConvolutionWeightGradient(node, at: index, window, bias: bias)
    case .batchNorm(let epsilon): writeBatchNorm(node, at: index, epsilon)
    case .normalize(let epsilon): writeNormalize(node, at: index, epsilon)
    case .batchNormGradient(let epsilon): writeBatchNormGradient(node, at: index, epsilon)
    case .relu:
      let x = operand(node, 0)
      define(index, text.binary(.maximum, x, text.constant(0, x.type)))
    case .reluGradient:
      let y = operand(node, 0)
      let isPositive = text.compare("GT", y, text.constant(0, y.type))
      let dy = text.convert(operand(node, 1), to: y.type.element)
      define(index, text.select(isPositive, dy, text.constant(0, dy.type)))
    case .add:
      let a = operand(node, 0)
      define(index, text.binary(.add, a, text.convert(operand(node, 1), to: a.type.element)))
    case .maximumPool(let window): writeMaximumPool(node, at: index, window)
    case .maximumPoolGradient(let window, _): writeMaximumPoolGradient(node, at: index, window)
    case .averagePool(let window): writeAveragePool(node, at: index, window)
    case .averagePoolGradient(let window, let input):
      writeAveragePoolGradient(node, at: index, window, input)
    case .flatten: writeFlatten(node, at: index)
    case .flattenGradient(let input): writeFlattenGradient(node, at: index, input)
    case .dense: writeDense(node, at: index)
    case .denseInputGradient: writeDenseInputGradient(node, at: index)
    case .denseWeightGradient: writeDenseWeightGradient(node, at: index)
    case .softmaxCrossEntropy: writeSoftmaxCrossEntropy(node, at: index)
    case .softmaxCrossEntropyGradient: writeSoftmaxCrossEntropyGradient(node, at: index)
    }
  }

  subscript(_ value: Value) -> HLOValue {
    guard let written = values[value] else { preconditionFailure("%\(value.node) is not written") }
    return written
  }

  mutating func define(_ node: Int, _ results: HLOValue?...) {
    for (output, result) in results.enumerated() {
      values[Value(node: node, output: output)] = result
    }
  }

  func operand(_ node: Node, _ index: Int) -> HLOValue { self[node.inputs[index]] }

  /// The type of activations and of the weights that they are multiplied by.
  var compact: HLOElement { precision == .bf16 ? .bf16 : .f32 }

  /// The name that multiplications carry.
  var product: String { precision == .f32 ? "HIGHEST" : "DEFAULT" }

  /// All dimensions of a value as it lies on the device.
  func deviceDimensions(_ type: TensorType) -> [Int] {
    let d = type.dimensions
    switch (type.perImage, d.count) {
    case (true, 3): return [imageCount, d[1], d[2], d[0]]
    case (true, _): return [imageCount] + d
    case (false, 4): return [d[0], d[2], d[3], d[1]]
    case (false, _): return d
    }
  }

  /// One number for each channel, for every pixel.
  mutating func perChannel(_ a: HLOValue, like x: HLOValue) -> HLOValue {
    text.broadcast(a, to: x.type.dimensions, places: [x.type.dimensions.count - 1])
  }
}
