import NetworkGraph
import Testing

/// One operation with its gradients, on tensors of some shape, as a graph of its own.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let name: String
  let imageCount: Int
  let graph: Graph

  var testDescription: String { name }

  init(
    _ name: String, images imageCount: Int,
    _ build: (inout GraphBuilder) throws(GraphError) -> Void
  ) {
    self.name = "\(name), \(imageCount) images"
    self.imageCount = imageCount
    var builder = GraphBuilder(mode: .training)
    do throws(GraphError) {
      try build(&builder)
      graph = try builder.finish()
    } catch {
      fatalError("\(name): \(error)")
    }
  }
}

extension OperationCase {
  static let all: [OperationCase] =
    convolutions + pools + batchNorms + denses + elementwise + reshapes + [crossEntropy]

  /// Odd sizes, strides, paddings, a single image; channels that fill vectors and that do not.
  static let convolutions: [OperationCase] = [
    convolution(images: 1, [3, 7, 9], filters: 4, Window(size: 3, padding: 1)),
    convolution(images: 2, [1, 5, 5], filters: 1, Window(size: 1)),
    convolution(images: 3, [5, 8, 6], filters: 7, Window(size: 2, stride: 2), bias: false),
    convolution(images: 2, [3, 32, 32], filters: 64, Window(size: 11, stride: 4, padding: 5)),
    convolution(images: 2, [3, 12, 12], filters: 16, Window(size: 9, stride: 6, padding: 4)),
    convolution(images: 3, [16, 9, 9], filters: 32, Window(size: 3, stride: 2, padding: 1)),
    convolution(images: 3, [16, 8, 8], filters: 32, Window(size: 1, stride: 2), bias: false),
    convolution(images: 1, [32, 4, 4], filters: 48, Window(size: 5, padding: 2)),
    convolution(images: 5, [32, 2, 2], filters: 16, Window(size: 3, padding: 1)),
    convolution(images: 2, [17, 6, 5], filters: 16, Window(size: 3, stride: 3, padding: 2)),
    convolution(images: 2, [16, 6, 5], filters: 9, Window(size: 3, padding: 0)),
    convolution(images: 4, [8, 12, 12], filters: 24, Window(size: 5, stride: 3, padding: 1)),
    convolution(images: 2, [3, 4, 4], filters: 5, Window(size: 5, stride: 2, padding: 2)),
    convolution(images: 2, [1, 12, 10], filters: 16, Window(size: 3, padding: 1)),
    convolution(images: 2, [32, 4, 6], filters: 24, Window(size: 5, padding: 2)),
    convolution(images: 1, [64, 1, 1], filters: 64, Window(size: 3, padding: 1)),
    convolution(images: 2, [64, 5, 7], filters: 80, Window(size: 3, padding: 1)),
    convolution(images: 15, [64, 7, 10], filters: 64, Window(size: 3, padding: 1)),
    convolution(images: 229, [64, 4, 3], filters: 512, Window(size: 3, padding: 1)),
    convolution(images: 77, [64, 12, 8], filters: 64, Window(size: 3, padding: 1)),
    convolution(images: 29, [64, 5, 7], filters: 256, Window(size: 3, padding: 1)),
    convolution(images: 29, [64, 6, 8], filters: 256, Window(size: 3, padding: 1)),
    convolution(images: 3, [80, 2, 2], filters: 64, Window(size: 3, padding: 1)),
    convolution(images: 229, [64, 2, 2], filters: 512, Window(size: 3, padding: 1)),
    convolution(images: 1, [64, 4, 4], filters: 64, Window(size: 5, padding: 2), bias: false),
    convolution(images: 69, [64, 4, 4], filters: 192, Window(size: 5, padding: 2)),
    convolution(images: 2, [512, 2, 2], filters: 512, Window(size: 3, padding: 1), bias: false),
  ]

  static let pools: [OperationCase] = [
    pool(images: 2, [3, 7, 7], Window(size: 2, stride: 2)),
    pool(images: 1, [16, 8, 8], Window(size: 2, stride: 2)),
    pool(images: 3, [16, 9, 7], Window(size: 3, stride: 2, padding: 1)),
    pool(images: 2, [5, 5, 5], Window(size: 3, stride: 1, padding: 1)),
    pool(images: 2, [32, 8, 8], Window(size: 8)),
    pool(images: 4, [24, 4, 4], Window(size: 2, stride: 1)),
  ]

  static let batchNorms: [OperationCase] = [
    batchNorm(images: 2, [3, 5, 7]), batchNorm(images: 5, [16, 4, 4]),
    batchNorm(images: 6, [17, 1, 1]), batchNorm(images: 1, [32, 9, 9]),
    batchNorm(images: 7, [8, 2, 2]),
  ]

  static let denses: [OperationCase] = [
    dense(images: 1, inputs: 5, outputs: 3), dense(images: 4, inputs: 64, outputs: 10),
    dense(images: 3, inputs: 33, outputs: 100), dense(images: 128, inputs: 256, outputs: 10),
  ]

  static let elementwise: [OperationCase] = [[3, 5, 7], [16, 4, 4], [1, 1, 1], [40, 3, 3]].map {
    dimensions in
    OperationCase("relu and add of \(dimensions)", images: 3) { builder throws(GraphError) in
      let x = try builder.input("x", TensorType(dimensions, perImage: true))
      let dy = try builder.input("dy", TensorType(dimensions, perImage: true))
      let y = try builder.append(.relu, x)[0]
      builder.output("relu", y)
      builder.output("dx", try builder.append(.reluGradient, y, dy)[0])
      builder.output("sum", try builder.append(.add, x, dy)[0])
    }
  }

  static let reshapes: [OperationCase] = [[3, 5, 7], [16, 4, 4], [32, 1, 1]].map { dimensions in
    OperationCase("flatten \(dimensions)", images: 2) { builder throws(GraphError) in
      let type = TensorType(dimensions, perImage: true)
      let x = try builder.input("x", type)
      let dy = try builder.input("dy", .perImage(type.elementCount))
      let flat = try builder.append(.flatten, x)[0]
      builder.output("flat", flat)
      builder.output("dx", try builder.append(.flattenGradient(input: type), dy)[0])
      builder.output("relu", try builder.append(.relu, flat)[0])
    }
  }

  static let crossEntropy = OperationCase("softmax cross-entropy", images: 9) {
    builder throws(GraphError) in
    let logits = try builder.input("z", .perImage(10))
    let labels = try builder.append(.labels)[0]
    let outputs = try builder.append(.softmaxCrossEntropy, logits, labels)
    let weight = try builder.append(.meanWeight)[0]
    builder.output("logits", logits)
    builder.output("losses", outputs[0])
    builder.output("probabilities", outputs[1])
    builder.output(
      "dlogits", try builder.append(.softmaxCrossEntropyGradient, outputs[1], labels, weight)[0])
  }

  private static func convolution(
    images: Int, _ dimensions: [Int], filters: Int, _ window: Window, bias hasBias: Bool = true
  ) -> OperationCase {
    OperationCase("convolution of \(dimensions) to \(filters), \(window)", images: images) {
      builder throws(GraphError) in
      let type = TensorType(dimensions, perImage: true)
      let x = try builder.input("x", type)
      // Behind it, no parameter begins where a vector would.
      _ = try builder.parameter("scale", [1], .constant(0))
      let w = try builder.parameter(
        "weight", [filters, dimensions[0], window.size, window.size], .constant(0))
      let bias = hasBias ? try builder.parameter("bias", [filters], .constant(0)) : nil
      let y =
        if let bias {
          try builder.append(.convolution(window), x, w, bias)[0]
        } else {
          try builder.append(.convolution(window), x, w)[0]
        }
      let dy = try builder.input("dy", builder.type(of: y))
      builder.output("y", y)
      let dx = try builder.append(.convolutionInputGradient(window, input: type), dy, w)[0]
      builder.output("dx", dx)
      let gradients = try builder.append(
        .convolutionWeightGradient(window, bias: hasBias), x, dy)
      for (name, value) in zip(["dw", "dbias"], gradients) { builder.output(name, value) }
    }
  }

  private static func pool(
    images: Int, _ dimensions: [Int], _ window: Window
  ) -> OperationCase {
    OperationCase("pools of \(dimensions), \(window)", images: images) {
      builder throws(GraphError) in
      let type = TensorType(dimensions, perImage: true)
      let x = try builder.input("x", type)
      let maximum = try builder.append(.maximumPool(window), x)
      let average = try builder.append(.averagePool(window), x)[0]
      let dy = try builder.input("dy", builder.type(of: average))
      builder.output("maximum", maximum[0])
      builder.output("average", average)
      builder.output(
        "dmaximum",
        try builder.append(.maximumPoolGradient(window, input: type), maximum[1], dy)[0])
      builder.output(
        "daverage", try builder.append(.averagePoolGradient(window, input: type), dy)[0])
    }
  }

  private static func batchNorm(images: Int, _ dimensions: [Int]) -> OperationCase {
    OperationCase("batch norm of \(dimensions)", images: images) { builder throws(GraphError) in
      let x = try builder.input("x", TensorType(dimensions, perImage: true))
      let dy = try builder.input("dy", TensorType(dimensions, perImage: true))
      let scale = try builder.parameter("weight", [dimensions[0]], .constant(1))
      let shift = try builder.parameter("bias", [dimensions[0]], .constant(0))
      let outputs = try builder.append(.batchNorm(epsilon: 1e-5), x, scale, shift)
      for (name, value) in zip(["y", "mean", "variance"], outputs) { builder.output(name, value) }
      let gradients = try builder.append(
        .batchNormGradient(epsilon: 1e-5), x, scale, outputs[1], outputs[2], dy)
      for (name, value) in zip(["dx", "dscale", "dshift"], gradients) {
        builder.output(name, value)
      }
      let mean = builder.statistic("mean", .mean, channels: dimensions[0], momentum: 0.1)
      let variance = builder.statistic("var", .variance, channels: dimensions[0], momentum: 0.1)
      let pixels = dimensions[1] * dimensions[2]
      builder.update(statistic: mean, from: outputs[1], valuesPerImage: pixels)
      builder.update(statistic: variance, from: outputs[2], valuesPerImage: pixels)
      let (givenMean, givenVariance) = (
        try builder.read(statistic: mean), try builder.read(statistic: variance)
      )
      let normalized = try builder.append(
        .normalize(epsilon: 1e-5), x, scale, shift, givenMean, givenVariance)[0]
      builder.output("normalized", normalized)
    }
  }

  private static func dense(images: Int, inputs: Int, outputs: Int) -> OperationCase {
    OperationCase("dense \(inputs) to \(outputs)", images: images) { builder throws(GraphError) in
      let x = try builder.input("x", .perImage(inputs))
      let dy = try builder.input("dy", .perImage(outputs))
      let w = try builder.parameter("weight", [outputs, inputs], .constant(0))
      let bias = try builder.parameter("bias", [outputs], .constant(0))
      builder.output("y", try builder.append(.dense, x, w, bias)[0])
      builder.output("dx", try builder.append(.denseInputGradient, dy, w)[0])
      let gradients = try builder.append(.denseWeightGradient, x, dy)
      for (name, value) in zip(["dw", "dbias"], gradients) { builder.output(name, value) }
    }
  }
}
