import CDNNL
import Executors
import NetworkGraph

/// What a convolution multiplies by and adds, and what follows it that its kernel does as well.
struct Filters {
  /// `[K, C, s, s]`, row-major.
  let weights: Tensor
  /// One number for each filter.
  let bias: Tensor?
  /// The value under which packed copies of the weights are kept.
  let key: Value
  /// The node whose value comes out: the convolution itself, or the batch norm folded into it.
  let output: Int
}

extension Lowering {
  /// The filters of a convolution; a batch norm behind it, with given statistics and nobody else
  /// reading what it normalises, becomes part of them.
  mutating func filters(_ node: Node, at index: Int) throws(ExecutorError) -> Filters {
    let weights = tensor(node.inputs[1])
    let bias = node.inputs.count == 3 ? tensor(node.inputs[2]) : nil
    guard let norm = soleReader(of: index), norm.node.inputs[0] == Value(node: index),
      case .normalize(let epsilon) = norm.node.operation
    else {
      let key = packingKey(of: node.inputs[1], usedBy: index)
      return Filters(weights: weights, bias: bias, key: key, output: index)
    }
    fused.insert(norm.index)
    let folded = packingBlock(weights.descriptor)
    let foldedBias = packingBlock(try plainDescriptor(norm.node.types[0].channels))
    let (scale, shift) = (tensor(norm.node.inputs[1]), tensor(norm.node.inputs[2]))
    let (mean, variance) = (tensor(norm.node.inputs[3]), tensor(norm.node.inputs[4]))
    for source in [weights, scale, shift, mean, variance] + [bias].compactMap(\.self) {
      try refuseComputed(source)
    }
    let filterCount = graph.type(of: node.inputs[1]).dimensions[0]
    packing.append(
      nativeStep("foldBatchNorm", [weights, folded], in: .packing) { program in
        let norm = ChannelNorm(
          scale: program.floats(scale), shift: program.floats(shift), mean: program.floats(mean),
          variance: program.floats(variance), epsilon: Float(epsilon))
        norm.fold(
          program.floats(weights), bias.map(program.floats),
          to: program.floats(folded), program.floats(foldedBias), filters: filterCount,
          weightsPerFilter: folded.descriptor.bytes / MemoryLayout<Float>.stride / filterCount)
      })
    return Filters(
      weights: folded, bias: foldedBias, key: Value(node: norm.index), output: norm.index)
  }

  /// The key for copies of weights: the weights themselves, so that forward and backward share one
  /// copy, or the node that uses them where several layers do, each perhaps in a form of its own.
  func packingKey(of weights: Value, usedBy node: Int) -> Value {
    let layers = (readers[weights] ?? []).filter { $0 < graph.forwardCount }
    return layers.count == 1 ? weights : Value(node: node)
  }

  /// The only node that reads what a node computes, if the caller does not read it as well.
  func soleReader(of index: Int) -> (index: Int, node: Node)? {
    let value = Value(node: index)
    guard let next = readers[value], next.count == 1, !graph.outputs.values.contains(value)
    else { return nil }
    return (next[0], graph.nodes[next[0]])
  }
}

/// A batch norm with given statistics: y = scale·(x − mean)/√(variance + ε) + shift.
private struct ChannelNorm {
  let scale, shift, mean, variance: UnsafeMutablePointer<Float>
  let epsilon: Float

  /// Writes filters that convolve and normalise at once.
  func fold(
    _ weights: UnsafeMutablePointer<Float>, _ bias: UnsafeMutablePointer<Float>?,
    to folded: UnsafeMutablePointer<Float>, _ foldedBias: UnsafeMutablePointer<Float>,
    filters: Int, weightsPerFilter: Int
  ) {
    for filter in 0..<filters {
      let factor = scale[filter] / (variance[filter] + epsilon).squareRoot()
      let start = filter * weightsPerFilter
      for index in start..<start + weightsPerFilter { folded[index] = factor * weights[index] }
      foldedBias[filter] = ((bias?[filter] ?? 0) - mean[filter]) * factor + shift[filter]
    }
  }
}

extension TensorType {
  /// One number for each channel of an image.
  fileprivate var channels: TensorType { .shared(dimensions[0]) }
}
