import NetworkGraph

// Poolings. A maximum over windows that share no pixel is written with comparisons: XLA's own
// gradient of a maximum adds in an order that changes from run to run.
extension GraphWriter {
  mutating func writeMaximumPool(_ node: Node, at index: Int, _ window: Window) {
    let x = operand(node, 0)
    let dimensions = deviceDimensions(node.types[0])
    let y: HLOValue
    if isHalving(window, x) {
      let pixels = pixelsOfWindows(x)
      y = pixels.dropFirst().reduce(pixels[0]) { text.binary(.maximum, $0, $1) }
    } else {
      y = text.reduceWindow(
        .maximum, x, size: window.size, stride: window.stride, padding: window.padding,
        to: dimensions)
    }
    // Beside what it was taken of, the maximum itself says which pixel it is.
    pooled[Value(node: index, output: 1)] = node.inputs[0]
    define(index, y, y)
  }

  mutating func writeMaximumPoolGradient(_ node: Node, at index: Int, _ window: Window) {
    guard let source = pooled[node.inputs[0]] else { preconditionFailure("a maximum of nothing") }
    let (x, y) = (self[source], operand(node, 0))
    let dy = text.convert(operand(node, 1), to: x.type.element)
    guard isHalving(window, x) else {
      return define(
        index,
        text.scatterToMaxima(
          x, dy, size: window.size, stride: window.stride, padding: window.padding))
    }
    let zero = text.constant(0, dy.type)
    var rest = dy
    let parts = pixelsOfWindows(x).map { pixel in
      // The first of equals takes it all.
      let isMaximum = text.compare("EQ", pixel, y)
      let part = text.select(isMaximum, rest, zero)
      rest = text.select(isMaximum, zero, rest)
      return part
    }
    define(index, spread(parts, to: x.type.dimensions))
  }

  mutating func writeAveragePool(_ node: Node, at index: Int, _ window: Window) {
    let x = text.convert(operand(node, 0), to: .f32)
    let dimensions = deviceDimensions(node.types[0])
    let sum =
      isGlobal(window, x)
      ? text.reshape(text.sums([x], over: [1, 2])[0], dimensions)
      : text.reduceWindow(
        .add, x, size: window.size, stride: window.stride, padding: window.padding,
        to: dimensions)
    define(index, text.convert(mean(sum, window), to: compact))
  }

  mutating func writeAveragePoolGradient(
    _ node: Node, at index: Int, _ window: Window, _ input: TensorType
  ) {
    let dimensions = deviceDimensions(input)
    let dy = mean(text.convert(operand(node, 0), to: .f32), window)
    if dimensions[1...2].allSatisfy({ $0 == window.size }), window.padding == 0 {
      let flat = text.reshape(dy, [dimensions[0], dimensions[3]])
      let dx = text.broadcast(flat, to: dimensions, places: [0, 3])
      return define(index, text.convert(dx, to: compact))
    }
    let low = window.size - 1 - window.padding
    let high = [1, 2].map { axis in
      dimensions[axis] + window.padding - 1 - window.stride * (dy.type.dimensions[axis] - 1)
    }
    let padded = text.pad(
      dy, low: [0, low, low, 0], high: [0] + high + [0],
      interior: [0, window.stride - 1, window.stride - 1, 0])
    let dx = text.reduceWindow(
      .add, padded, size: window.size, stride: 1, padding: 0, to: dimensions)
    define(index, text.convert(dx, to: compact))
  }

  private mutating func mean(_ sum: HLOValue, _ window: Window) -> HLOValue {
    text.binary(
      .multiply, sum, text.constant(1 / Double(window.size * window.size), sum.type))
  }

  private func isGlobal(_ window: Window, _ x: HLOValue) -> Bool {
    window.padding == 0 && x.type.dimensions[1...2].allSatisfy { $0 == window.size }
  }

  /// Whether windows of 2 × 2 pixels lie side by side and cover the image.
  private func isHalving(_ window: Window, _ x: HLOValue) -> Bool {
    window == Window(size: 2, stride: 2)
      && x.type.dimensions[1...2].allSatisfy { $0.isMultiple(of: 2) }
  }

  /// The first, second, third and fourth pixel of each window of 2 × 2, row by row.
  private mutating func pixelsOfWindows(_ x: HLOValue) -> [HLOValue] {
    let d = x.type.dimensions
    let split = text.reshape(x, [d[0], d[1] / 2, 2, d[2] / 2, 2, d[3]])
    return (0..<4).map { pixel in
      let (row, column) = (pixel / 2, pixel % 2)
      let part = text.slice(
        split,
        [0..<d[0], 0..<d[1] / 2, row..<row + 1, 0..<d[2] / 2, column..<column + 1, 0..<d[3]])
      return text.reshape(part, [d[0], d[1] / 2, d[2] / 2, d[3]])
    }
  }

  /// Puts the pixels of windows back into images.
  private mutating func spread(_ parts: [HLOValue], to dimensions: [Int]) -> HLOValue {
    let d = dimensions
    let single = parts.map { text.reshape($0, [d[0], d[1] / 2, 1, d[2] / 2, 1, d[3]]) }
    let rows = [0, 2].map { text.concatenate([single[$0], single[$0 + 1]], along: 4) }
    return text.reshape(text.concatenate(rows, along: 2), dimensions)
  }
}
