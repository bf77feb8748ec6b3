extension Operation {
  /// The types of the outputs, given those of the inputs.
  ///
  /// This is the executable specification of the operations: the builder uses it to infer shapes
  /// and the verifier to check a finished graph.
  ///
  /// - Throws: ``ShapeFault`` when the inputs do not fit the operation or each other.
  package func outputTypes(for inputs: [TensorType]) throws(ShapeFault) -> [TensorType] {
    if let fault = window?.fault { throw ShapeFault("\(name) has \(fault)") }
    switch self {
    case .input(_, let type), .parameter(_, let type), .statistic(_, let type):
      try expect(inputs, count: 0)
      return [type]
    case .labels, .meanWeight:
      try expect(inputs, count: 0)
      return [.perImage()]
    case .convolution(let window):
      return [try convolutionType(inputs, window)]
    case .batchNorm:
      try expect(inputs, count: 3)
      let channel = try channelType(inputs)
      return [inputs[0], channel, channel]
    case .normalize:
      try expect(inputs, count: 5)
      _ = try channelType(inputs)
      return [inputs[0]]
    case .relu:
      try expect(inputs, count: 1)
      return inputs
    case .add, .reluGradient:
      try expect(inputs, count: 2)
      try expectSame(inputs[0], inputs[1])
      return [inputs[0]]
    case .maximumPool(let window):
      guard window.padding <= window.size / 2 else {
        throw ShapeFault("a padding of \(window.padding) leaves empty \(window.size)-pixel windows")
      }
      let type = try pooledType(inputs, window)
      return [type, type]
    case .averagePool(let window):
      return [try pooledType(inputs, window)]
    case .flatten:
      try expect(inputs, count: 1)
      return [.perImage(inputs[0].elementCount)]
    case .dense:
      return [try denseType(inputs)]
    case .softmaxCrossEntropy:
      try expect(inputs, count: 2)
      try expectRank(inputs[0], 1)
      try expectSame(inputs[1], .perImage())
      return [.perImage(), inputs[0]]
    case .convolutionInputGradient(let window, let input):
      try expect(inputs, count: 2)
      try expectSame(inputs[0], try convolutionType([input, inputs[1]], window))
      return [input]
    case .convolutionWeightGradient(let window, let bias):
      try expect(inputs, count: 2)
      try expectRank(inputs[0], 3)
      try expectRank(inputs[1], 3)
      let filters = inputs[1].dimensions[0]
      let weight = TensorType.shared(filters, inputs[0].dimensions[0], window.size, window.size)
      try expectSame(inputs[1], try convolutionType([inputs[0], weight], window))
      return bias ? [weight, .shared(filters)] : [weight]
    case .batchNormGradient:
      try expect(inputs, count: 5)
      try expectSame(inputs[0], inputs[4])
      let channel = try channelType(Array(inputs[0...3]))
      return [inputs[0], channel, channel]
    case .maximumPoolGradient(let window, let input):
      try expect(inputs, count: 2)
      try expectSame(inputs[0], inputs[1])
      try expectSame(inputs[1], try pooledType([input], window))
      return [input]
    case .averagePoolGradient(let window, let input):
      try expect(inputs, count: 1)
      try expectSame(inputs[0], try pooledType([input], window))
      return [input]
    case .flattenGradient(let input):
      try expect(inputs, count: 1)
      try expectSame(inputs[0], .perImage(input.elementCount))
      return [input]
    case .denseInputGradient:
      try expect(inputs, count: 2)
      try expectRank(inputs[0], 1)
      try expectRank(inputs[1], 2)
      try expectSame(inputs[0], .perImage(inputs[1].dimensions[0]))
      return [.perImage(inputs[1].dimensions[1])]
    case .denseWeightGradient:
      try expect(inputs, count: 2)
      try expectRank(inputs[0], 1)
      try expectRank(inputs[1], 1)
      let outputs = inputs[1].dimensions[0]
      return [.shared(outputs, inputs[0].dimensions[0]), .shared(outputs)]
    case .softmaxCrossEntropyGradient:
      try expect(inputs, count: 3)
      try expectRank(inputs[0], 1)
      try expectSame(inputs[1], .perImage())
      try expectSame(inputs[2], .perImage())
      return [inputs[0]]
    }
  }

  private func convolutionType(
    _ inputs: [TensorType], _ window: Window
  ) throws(ShapeFault) -> TensorType {
    guard inputs.count == 2 || inputs.count == 3 else {
      throw ShapeFault("\(name) takes an image, weights and maybe a bias, not \(inputs.count)")
    }
    try expectRank(inputs[0], 3)
    try expectRank(inputs[1], 4)
    let (image, weight) = (inputs[0].dimensions, inputs[1].dimensions)
    try expectSame(inputs[1], .shared(weight[0], image[0], window.size, window.size))
    if inputs.count == 3 { try expectSame(inputs[2], .shared(weight[0])) }
    return .perImage(weight[0], try extent(image[1], window), try extent(image[2], window))
  }

  private func pooledType(
    _ inputs: [TensorType], _ window: Window
  ) throws(ShapeFault) -> TensorType {
    try expect(inputs, count: 1)
    try expectRank(inputs[0], 3)
    let image = inputs[0].dimensions
    return .perImage(image[0], try extent(image[1], window), try extent(image[2], window))
  }

  private func denseType(_ inputs: [TensorType]) throws(ShapeFault) -> TensorType {
    try expect(inputs, count: 3)
    try expectRank(inputs[0], 1)
    try expectRank(inputs[1], 2)
    let outputs = inputs[1].dimensions[0]
    try expectSame(inputs[1], .shared(outputs, inputs[0].dimensions[0]))
    try expectSame(inputs[2], .shared(outputs))
    return .perImage(outputs)
  }

  /// The type of a per-channel tensor, which all inputs but the first must have.
  private func channelType(_ inputs: [TensorType]) throws(ShapeFault) -> TensorType {
    try expectRank(inputs[0], 3)
    let channel = TensorType.shared(inputs[0].dimensions[0])
    for other in inputs.dropFirst() { try expectSame(other, channel) }
    return channel
  }

  private func extent(_ pixels: Int, _ window: Window) throws(ShapeFault) -> Int {
    let positions = window.positions(along: pixels)
    guard positions > 0 else {
      throw ShapeFault("a window of \(window) does not fit an image \(pixels) pixels wide or high")
    }
    return positions
  }

  private func expect(_ inputs: [TensorType], count: Int) throws(ShapeFault) {
    guard inputs.count == count else {
      throw ShapeFault("\(name) takes \(count) inputs, not \(inputs.count)")
    }
  }

  private func expectRank(_ type: TensorType, _ rank: Int) throws(ShapeFault) {
    guard type.dimensions.count == rank else {
      throw ShapeFault("\(name) cannot take \(type): it needs \(rank) dimensions besides N")
    }
  }

  private func expectSame(_ first: TensorType, _ second: TensorType) throws(ShapeFault) {
    guard first == second else { throw ShapeFault("\(name) cannot join \(first) and \(second)") }
  }
}

/// Inputs that an operation cannot take; the builder adds the layer and throws a ``GraphError``.
package struct ShapeFault: Error, Equatable {
  package let problem: String
  init(_ problem: String) { self.problem = problem }
}
