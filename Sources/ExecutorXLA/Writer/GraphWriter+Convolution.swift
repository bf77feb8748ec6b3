import NetworkGraph

// Convolutions. XLA hands those that it recognises to cuDNN: the labels and paddings below are the
// forms that it takes for a convolution, its gradient by the image and its gradient by the filters.
extension GraphWriter {
  mutating func writeConvolution(_ node: Node, at index: Int, _ window: Window) {
    let y = Value(node: index)
    let x = text.convert(operand(node, 0), to: compact)
    let w = text.convert(operand(node, 1), to: compact)
    let type = HLOType(deviceDimensions(node.types[0]), compact)
    let result: HLOValue
    switch ConvolutionForm(window, from: graph.type(of: node.inputs[0]), to: node.types[0]) {
    case .dense(let dense): result = write(dense, x, w, to: type)
    case .folded(let folded):
      result = convolution(
        folded.images(x, &text), folded.filters(w, &text), folded.window, to: type)
    case .paired(let paired):
      let pairs = convolution(
        text.reshape(x, paired.paired(x.type.dimensions)), paired.filters(w, &text), window,
        to: HLOType(paired.paired(type.dimensions), compact))
      result = text.reshape(pairs, type.dimensions)
    case .plain: result = convolution(x, w, window, to: type)
    }
    guard node.inputs.count == 3 else { return define(index, result) }
    let bias = operand(node, 2)
    if isTakenAway(y) {
      // The mean that batch norm subtracts holds it.
      idleBiases[y] = bias
      return define(index, result)
    }
    let wide = text.binary(
      .add, text.convert(result, to: .f32), perChannel(bias, like: result))
    define(index, text.convert(wide, to: compact))
  }

  /// Whether nobody but a batch norm and its gradient read a convolution's result, so that its bias
  /// changes nothing but the mean.
  private func isTakenAway(_ y: Value) -> Bool {
    guard !graph.outputs.values.contains(y), let users = readers[y] else { return false }
    return users.allSatisfy { user in
      switch graph.nodes[user].operation {
      case .batchNorm, .batchNormGradient: graph.nodes[user].inputs.firstIndex(of: y) == 0
      default: false
      }
    }
  }

  private mutating func convolution(
    _ x: HLOValue, _ w: HLOValue, _ window: Window, to type: HLOType
  ) -> HLOValue {
    let padding = [window.padding, window.padding]
    return text.convolution(
      x, w, "[b, 0, 1, f]x[o, 0, 1, i]->[b, 0, 1, f]",
      HLOText.Sliding(strides: [window.stride, window.stride], padding: [padding, padding]),
      product, to: type)
  }

  mutating func writeConvolutionInputGradient(
    _ node: Node, at index: Int, _ window: Window, _ input: TensorType
  ) {
    let dy = text.convert(operand(node, 0), to: compact)
    let w = text.convert(operand(node, 1), to: compact)
    let type = HLOType(deviceDimensions(input), compact)
    switch ConvolutionForm(window, from: input, to: graph.type(of: node.inputs[0])) {
    case .dense(let dense): define(index, writeInputGradient(dense, dy, w, to: type))
    case .folded(let folded):
      let wide = HLOType(folded.imageDimensions(type.dimensions), compact)
      let filters = folded.filters(w, &text)
      let dx = inputGradient(dy, filters, folded.window, to: wide)
      define(index, folded.unfolded(dx, &text))
    case .paired(let paired):
      let dx = inputGradient(
        text.reshape(dy, paired.paired(dy.type.dimensions)), paired.filters(w, &text), window,
        to: HLOType(paired.paired(type.dimensions), compact))
      define(index, text.reshape(dx, type.dimensions))
    case .plain: define(index, inputGradient(dy, w, window, to: type))
    }
  }

  /// The filters turned around slide over the gradient, whose pixels are a stride apart.
  private mutating func inputGradient(
    _ dy: HLOValue, _ w: HLOValue, _ window: Window, to type: HLOType
  ) -> HLOValue {
    let low = window.size - 1 - window.padding
    let padding = [1, 2].map { axis in
      let positions = dy.type.dimensions[axis]
      return [
        low, type.dimensions[axis] + window.padding - 1 - window.stride * (positions - 1),
      ]
    }
    return text.convolution(
      dy, text.reverse(w, [1, 2]), "[b, 0, 1, f]x[i, 0, 1, o]->[b, 0, 1, f]",
      HLOText.Sliding(padding: padding, leftDilation: [window.stride, window.stride]),
      product, to: type)
  }

  mutating func writeConvolutionWeightGradient(
    _ node: Node, at index: Int, _ window: Window, bias: Bool
  ) {
    let x = text.convert(operand(node, 0), to: compact)
    let dy = text.convert(operand(node, 1), to: compact)
    let type = HLOType(deviceDimensions(node.types[0]), compact)
    let input = graph.type(of: node.inputs[0])
    let dw: HLOValue
    switch ConvolutionForm(window, from: input, to: graph.type(of: node.inputs[1])) {
    case .dense(let dense): dw = writeWeightGradient(dense, x, dy, to: type.of(.f32))
    case .folded(let folded):
      let wide = HLOType(folded.filterDimensions(type.dimensions), compact)
      dw = folded.unfoldedFilters(
        weightGradient(folded.images(x, &text), dy, folded.window, to: wide), &text)
    case .paired(let paired):
      let wide = weightGradient(
        text.reshape(x, paired.paired(x.type.dimensions)),
        text.reshape(dy, paired.paired(dy.type.dimensions)), window,
        to: HLOType(paired.filterDimensions(type.dimensions), compact))
      dw = paired.sum(wide, to: type.dimensions, &text)
    case .plain: dw = weightGradient(x, dy, window, to: type)
    }
    let wide = text.convert(dw, to: .f32)
    guard bias else { return define(index, wide) }
    define(index, wide, biasGradient(of: node, dy))
  }

  /// Zero where batch norm takes the bias away: its gradient sums to nothing over each channel.
  private mutating func biasGradient(of node: Node, _ dy: HLOValue) -> HLOValue {
    let convolution = readers[node.inputs[0]]?.first { reader in
      reader < graph.forwardCount && readsSame(graph.nodes[reader], as: node)
    }
    if let convolution, idleBiases[Value(node: convolution)] != nil {
      return text.constant(0, HLOType([dy.type.dimensions[3]], .f32))
    }
    return text.sums([text.convert(dy, to: .f32)], over: [0, 1, 2])[0]
  }

  /// Whether a node is the convolution that a gradient by the filters belongs to: its result's
  /// gradient is what the latter reads.
  private func readsSame(_ node: Node, as gradient: Node) -> Bool {
    guard case .convolution = node.operation, node.inputs[0] == gradient.inputs[0],
      node.inputs.count == 3,
      case .convolutionWeightGradient = gradient.operation
    else { return false }
    let bias = graph.nodes[node.inputs[2].node].operation
    guard case .parameter(let index, _) = bias, graph.gradients.indices ~= index else {
      return false
    }
    let own = graph.gradients[index]
    return graph.nodes[own.node] == gradient && own.output == 1
  }

  private mutating func weightGradient(
    _ x: HLOValue, _ dy: HLOValue, _ window: Window, to type: HLOType
  ) -> HLOValue {
    let padding = [1, 2].map { axis in
      let reach = window.stride * (dy.type.dimensions[axis] - 1)
      let high = window.size + reach - x.type.dimensions[axis] - window.padding
      return [window.padding, high]
    }
    return text.convolution(
      x, dy, "[f, 0, 1, b]x[i, 0, 1, o]->[f, 0, 1, b]",
      HLOText.Sliding(padding: padding, rightDilation: [window.stride, window.stride]),
      product, to: type)
  }
}
