import NetworkGraph

// Dense layers and the loss: logits, losses and sums are f32 in every precision.
extension GraphWriter {
  /// PyTorch's order of features is channels, rows, columns.
  mutating func writeFlatten(_ node: Node, at index: Int) {
    let x = operand(node, 0)
    let sorted = x.type.dimensions.count == 4 ? text.transpose(x, channelsFirst(x)) : x
    define(index, text.reshape(sorted, [imageCount, x.type.elementCount / imageCount]))
  }

  mutating func writeFlattenGradient(_ node: Node, at index: Int, _ input: TensorType) {
    let dy = text.convert(operand(node, 0), to: compact)
    guard input.dimensions.count == 3 else {
      return define(index, text.reshape(dy, deviceDimensions(input)))
    }
    let dx = text.reshape(dy, [imageCount] + input.dimensions)
    let isOnePixel = input.dimensions[1...] == [1, 1]
    define(
      index,
      isOnePixel
        ? text.reshape(dx, deviceDimensions(input)) : text.transpose(dx, [0, 2, 3, 1]))
  }

  /// For one pixel the same, without moving anything.
  private func channelsFirst(_ x: HLOValue) -> [Int] {
    x.type.dimensions[1...2] == [1, 1] ? [0, 1, 2, 3] : [0, 3, 1, 2]
  }

  mutating func writeDense(_ node: Node, at index: Int) {
    let x = text.convert(operand(node, 0), to: compact)
    let w = text.convert(operand(node, 1), to: compact)
    let y = text.product(x, w, over: (1, 1), product, to: .f32)
    define(index, text.binary(.add, y, perChannel(operand(node, 2), like: y)))
  }

  mutating func writeDenseInputGradient(_ node: Node, at index: Int) {
    let dy = text.convert(operand(node, 0), to: compact)
    let w = text.convert(operand(node, 1), to: compact)
    define(index, text.product(dy, w, over: (1, 0), product, to: compact))
  }

  mutating func writeDenseWeightGradient(_ node: Node, at index: Int) {
    let (x, dy) = (operand(node, 0), operand(node, 1))
    let dw = text.product(
      text.convert(dy, to: compact), text.convert(x, to: compact), over: (0, 0), product,
      to: .f32)
    define(index, dw, text.sums([text.convert(dy, to: .f32)], over: [0])[0])
  }

  mutating func writeSoftmaxCrossEntropy(_ node: Node, at index: Int) {
    let z = text.convert(operand(node, 0), to: .f32)
    let largest = text.maximum(of: z, over: 1)
    let distance = text.binary(.subtract, z, perImage(largest, like: z))
    let powers = text.unary(.exponential, distance)
    let sum = text.sums([powers], over: [1])[0]
    let probabilities = text.binary(.divide, powers, perImage(sum, like: z))
    let own = text.select(
      isOwnClass(operand(node, 1), like: z), distance, text.constant(0, z.type))
    let losses = text.binary(.subtract, text.unary(.log, sum), text.sums([own], over: [1])[0])
    define(index, losses, probabilities)
  }

  mutating func writeSoftmaxCrossEntropyGradient(_ node: Node, at index: Int) {
    let p = operand(node, 0)
    let target = text.select(
      isOwnClass(operand(node, 1), like: p), text.constant(1, p.type), text.constant(0, p.type))
    let weight = perImage(operand(node, 2), like: p)
    define(index, text.binary(.multiply, text.binary(.subtract, p, target), weight))
  }

  /// Whether a class is that of the image.
  private mutating func isOwnClass(_ labels: HLOValue, like x: HLOValue) -> HLOValue {
    let classes = text.iota(x.type.of(.i32), along: 1)
    return text.compare("EQ", classes, perImage(labels, like: x))
  }

  private mutating func perImage(_ a: HLOValue, like x: HLOValue) -> HLOValue {
    text.broadcast(a, to: x.type.dimensions, places: [0])
  }
}
