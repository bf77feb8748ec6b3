import NetworkGraph

// Batch norm, in f32 whatever the precision. Sums are made over the images of each group, two at a
// time in one pass over memory.
extension GraphWriter {
  mutating func writeBatchNorm(_ node: Node, at index: Int, _ epsilon: Double) {
    let x = grouped(text.convert(operand(node, 0), to: .f32))
    let (scale, shift) = (operand(node, 1), operand(node, 2))
    // Distances from a pixel of the channel, not from 0: squares of numbers far from 0 would leave
    // no digits for the variance.
    let pixel = firstPixel(of: x)
    let distance = text.binary(.subtract, x, perGroup(pixel, like: x))
    let sums = text.sums(
      [distance, text.binary(.multiply, distance, distance)], over: pixelAxes(of: x))
    let n = text.constant(1 / Double(valuesPerChannel(x)), sums[0].type)
    let meanDistance = text.binary(.multiply, sums[0], n)
    let meanSquare = text.binary(.multiply, sums[1], n)
    let spread = text.binary(
      .subtract, meanSquare, text.binary(.multiply, meanDistance, meanDistance))
    let variance = text.binary(.maximum, spread, text.constant(0, spread.type))
    let mean = text.binary(.add, pixel, meanDistance)

    let factor = text.binary(
      .multiply, inverseDeviation(variance, epsilon), forGroups(scale, like: variance))
    let y = normalized(x, mean: mean, factor: factor, shift: forGroups(shift, like: variance))
    define(index, text.convert(ungrouped(y), to: compact), mean, variance)
    if let bias = idleBiases[node.inputs[0]] {
      let outer = Value(node: index, output: 1)
      meansWithoutBias[outer] = mean
      values[outer] = text.binary(.add, mean, forGroups(bias, like: mean))
    }
  }

  mutating func writeNormalize(_ node: Node, at index: Int, _ epsilon: Double) {
    let x = text.convert(operand(node, 0), to: .f32)
    let factor = text.binary(
      .multiply, inverseDeviation(operand(node, 4), epsilon), operand(node, 1))
    let distance = text.binary(.subtract, x, perChannel(operand(node, 3), like: x))
    let scaled = text.binary(.multiply, distance, perChannel(factor, like: x))
    let y = text.binary(.add, scaled, perChannel(operand(node, 2), like: x))
    define(index, text.convert(y, to: compact))
  }

  // With x̂ = (x − mean)/σ: dshift = Σ dy, dscale = Σ dy·x̂,
  // dx = scale/σ · (dy − dshift/n − x̂·dscale/n).
  mutating func writeBatchNormGradient(_ node: Node, at index: Int, _ epsilon: Double) {
    let x = grouped(text.convert(operand(node, 0), to: .f32))
    let dy = grouped(text.convert(operand(node, 4), to: .f32))
    let (scale, variance) = (operand(node, 1), operand(node, 3))
    let mean = meansWithoutBias[node.inputs[2]] ?? operand(node, 2)
    let distance = text.binary(.subtract, x, perGroup(mean, like: x))
    let sums = text.sums(
      [dy, text.binary(.multiply, dy, distance)], over: pixelAxes(of: x))
    let inverse = inverseDeviation(variance, epsilon)
    let dscale = text.binary(.multiply, sums[1], inverse)

    let n = text.constant(1 / Double(valuesPerChannel(x)), inverse.type)
    let slope = text.binary(
      .multiply, text.binary(.multiply, dscale, inverse), n)
    let level = text.binary(.multiply, sums[0], n)
    let centred = text.binary(
      .subtract, text.binary(.subtract, dy, perGroup(level, like: x)),
      text.binary(.multiply, distance, perGroup(slope, like: x)))
    let factor = text.binary(.multiply, inverse, forGroups(scale, like: inverse))
    let dx = text.binary(.multiply, centred, perGroup(factor, like: x))
    define(
      index, text.convert(ungrouped(dx), to: compact), overGroups(dscale), overGroups(sums[0]))
  }

  /// x·factor + (shift − mean·factor): what is known of a channel comes together in a small kernel,
  /// and the large one reads two numbers of it.
  private mutating func normalized(
    _ x: HLOValue, mean: HLOValue, factor: HLOValue, shift: HLOValue
  ) -> HLOValue {
    let level = text.binary(.subtract, shift, text.binary(.multiply, mean, factor))
    let scaled = text.binary(.multiply, x, perGroup(factor, like: x))
    return text.binary(.add, scaled, perGroup(level, like: x))
  }

  private mutating func inverseDeviation(_ variance: HLOValue, _ epsilon: Double) -> HLOValue {
    text.unary(
      .rsqrt, text.binary(.add, variance, text.constant(epsilon, variance.type)))
  }
}

// Groups of images: `[G, M, H, W, C]` where there are several, else as the images are.
extension GraphWriter {
  private mutating func grouped(_ x: HLOValue) -> HLOValue {
    if groups == 1 { return x }
    let d = x.type.dimensions
    return text.reshape(x, [groups, imageCount / groups] + d.dropFirst())
  }

  private mutating func ungrouped(_ x: HLOValue) -> HLOValue {
    if groups == 1 { return x }
    return text.reshape(x, [imageCount] + x.type.dimensions.dropFirst(2))
  }

  private func pixelAxes(of x: HLOValue) -> [Int] { groups == 1 ? [0, 1, 2] : [1, 2, 3] }

  private func valuesPerChannel(_ x: HLOValue) -> Int {
    let d = x.type.dimensions
    return x.type.elementCount / groups / d[d.count - 1]
  }

  private mutating func firstPixel(of x: HLOValue) -> HLOValue {
    let d = x.type.dimensions
    let ranges = d.indices.map { axis in
      0..<(axis == d.count - 1 || groups > 1 && axis == 0 ? d[axis] : 1)
    }
    return text.reshape(text.slice(x, ranges), groups == 1 ? [d[3]] : [groups, d[4]])
  }

  /// A number of each channel, of each group where there are several, for every pixel.
  private mutating func perGroup(_ a: HLOValue, like x: HLOValue) -> HLOValue {
    groups == 1
      ? perChannel(a, like: x) : text.broadcast(a, to: x.type.dimensions, places: [0, 4])
  }

  /// A parameter, for each group.
  private mutating func forGroups(_ a: HLOValue, like b: HLOValue) -> HLOValue {
    groups == 1 ? a : text.broadcast(a, to: b.type.dimensions, places: [1])
  }

  private mutating func overGroups(_ a: HLOValue) -> HLOValue {
    groups == 1 ? a : text.sums([a], over: [0])[0]
  }
}
