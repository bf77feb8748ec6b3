import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  mutating func lower(
    _ tiny: TinyConvolution, _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let x = try asRow(tensor(node.inputs[0]), tiny.inputFeatures)
    let filters = try filters(node, at: index)
    let bias = try filters.bias.map { bias throws(ExecutorError) in
      try expandedBias(tiny, bias, key: filters.key)
    }
    let (image, attributes) = try makeWithReLU(filters.output)
    let y = try asRow(image, tiny.outputFeatures)
    let weightType = graph.type(of: node.inputs[1])
    let rows = try expandedWeights(tiny, filters.weights, weightType, key: filters.key)
    // The weights lie as outputs, features: turned around.
    let w = Tensor(
      descriptor: try Descriptor([tiny.inputFeatures, tiny.outputFeatures], dnnl_ba, compact),
      place: rows.place)
    let kernel = try productKernel(
      x.descriptor, w.descriptor, y.descriptor, bias: bias?.descriptor, attributes)
    var arguments = [(argument: DNNL_ARG_SRC, x), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DST, y)]
    if let bias { arguments.append((DNNL_ARG_BIAS, bias)) }
    try append("tinyConvolution", kernel, arguments)
  }

  mutating func lowerInputGradient(
    _ tiny: TinyConvolution, _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let dy = try asRow(tensor(node.inputs[0]), tiny.outputFeatures)
    let dx = try asRow(try make(Value(node: index)), tiny.inputFeatures)
    let weights = node.inputs[1]
    let key = packingKey(of: weights, usedBy: index)
    let rows = try expandedWeights(tiny, tensor(weights), graph.type(of: weights), key: key)
    try append(
      "tinyConvolutionInputGradient",
      productKernel(dy.descriptor, rows.descriptor, dx.descriptor),
      [(DNNL_ARG_SRC, dy), (DNNL_ARG_WEIGHTS, rows), (DNNL_ARG_DST, dx)])
  }

  mutating func lowerWeightGradient(
    _ tiny: TinyConvolution, _ node: Node, at index: Int, bias hasBias: Bool
  ) throws(ExecutorError) {
    let x = try asRow(tensor(node.inputs[0]), tiny.inputFeatures)
    let dy = try asRow(tensor(node.inputs[1]), tiny.outputFeatures)
    let wide = block(try Descriptor([tiny.outputFeatures, tiny.inputFeatures], dnnl_ab))
    try appendWeightGradient(
      "tinyConvolutionWeightGradient", x, dy, rows: imageCount, width: tiny.outputFeatures,
      to: wide)
    let dw = try makeGradient(Value(node: index), plainDescriptor(node.types[0]))
    appendNative("foldWeights", [wide, dw]) { program in
      tiny.fold(program.floats(wide), to: program.floats(dw))
    }
    guard hasBias else { return }
    let dbias = try makeGradient(Value(node: index, output: 1), plainDescriptor(node.types[1]))
    let (images, element) = (imageCount, compact)
    let wideBias = block(try Descriptor([tiny.outputFeatures], dnnl_a))
    appendNative("sumBias", [dy, wideBias, dbias]) { program in
      sumColumns(
        of: program.memory(dy), rows: images, width: tiny.outputFeatures, element,
        to: program.floats(wideBias))
      tiny.foldBias(program.floats(wideBias), to: program.floats(dbias))
    }
  }

  /// The same memory, seen as one row of features for each image.
  private func asRow(_ image: Tensor, _ features: Int) throws(ExecutorError) -> Tensor {
    Tensor(
      descriptor: try Descriptor([imageCount, features], dnnl_ab, compact), place: image.place)
  }

  private mutating func expandedWeights(
    _ tiny: TinyConvolution, _ weights: Tensor, _ type: TensorType, key: Value
  ) throws(ExecutorError) -> Tensor {
    let wanted = try Descriptor([tiny.outputFeatures, tiny.inputFeatures], dnnl_ab, compact)
    let source = try packed(weights, tiny.layout(of: type, compact), key: key)
    return try packedOnce(source, wanted, key: key) { lowering, copy throws(ExecutorError) in
      let element = lowering.compact
      return lowering.nativeStep("expandWeights", [source, copy], in: .packing) { program in
        tiny.expand(program.memory(source), to: program.memory(copy), element)
      }
    }
  }

  private mutating func expandedBias(
    _ tiny: TinyConvolution, _ bias: Tensor, key: Value
  ) throws(ExecutorError) -> Tensor {
    let wanted = try Descriptor([1, tiny.outputFeatures], dnnl_ab)
    return try packedOnce(bias, wanted, key: key) { lowering, copy throws(ExecutorError) in
      lowering.nativeStep("expandBias", [bias, copy], in: .packing) { program in
        tiny.expandBias(program.floats(bias), to: program.floats(copy))
      }
    }
  }
}

extension TinyConvolution {
  /// Weights `[K, C, s, s]` with as many channels together as in an image.
  fileprivate func layout(
    of weights: TensorType, _ element: Element
  ) throws(ExecutorError) -> Descriptor {
    let tags = [16: dnnl_aBcd16b, 8: dnnl_aBcd8b]
    let sizes = weights.dimensions
    let together = channelBlock == channels && channelBlock > 1 ? dnnl_acdb : dnnl_abcd
    return try Descriptor(sizes, tags[channelBlock] ?? together, element)
  }
}
