import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  mutating func lower(
    _ tiny: TinyConvolution, _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let x = try asRow(tensor(node.inputs[0]), tiny.inputFeatures)
    let bias = node.inputs.count == 3 ? try expandedBias(tiny, node.inputs[2]) : nil
    let (image, attributes) = try makeWithReLU(index)
    let y = try asRow(image, tiny.outputFeatures)
    let w = try expandedWeights(tiny, node.inputs[1])
    let kernel = try denseKernel(
      x.descriptor, w.descriptor, bias?.descriptor, y.descriptor, attributes)
    var arguments = [(argument: DNNL_ARG_SRC, x), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DST, y)]
    if let bias { arguments.append((DNNL_ARG_BIAS, bias)) }
    try append("tinyConvolution \(node.layer)", kernel, arguments)
  }

  mutating func lowerInputGradient(
    _ tiny: TinyConvolution, _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let dy = try asRow(tensor(node.inputs[0]), tiny.outputFeatures)
    let dx = try asRow(try make(Value(node: index)), tiny.inputFeatures)
    let w = try expandedWeights(tiny, node.inputs[1])
    let kernel = try denseInputGradientKernel(dy.descriptor, w.descriptor, dx.descriptor)
    try append(
      "tinyConvolutionInputGradient \(node.layer)", kernel,
      [(DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DIFF_SRC, dx)])
  }

  mutating func lowerWeightGradient(
    _ tiny: TinyConvolution, _ node: Node, at index: Int, bias hasBias: Bool
  ) throws(ExecutorError) {
    let x = try asRow(tensor(node.inputs[0]), tiny.inputFeatures)
    let dy = try asRow(tensor(node.inputs[1]), tiny.outputFeatures)
    let wide = block(try Descriptor([tiny.outputFeatures, tiny.inputFeatures], dnnl_ab))
    let wideBias = block(try Descriptor([tiny.outputFeatures], dnnl_a))
    let kernel = try denseWeightGradientKernel(
      x.descriptor, dy.descriptor, wide.descriptor, wideBias.descriptor)
    try append(
      "tinyConvolutionWeightGradient \(node.layer)", kernel,
      [
        (DNNL_ARG_SRC, x), (DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_DIFF_WEIGHTS, wide),
        (DNNL_ARG_DIFF_BIAS, wideBias),
      ])
    let dw = try makeGradient(Value(node: index), plainDescriptor(node.types[0]))
    appendNative("foldWeights", [wide, dw]) { program in
      program.withMemory(wide, dw) { tiny.fold($0, to: $1) }
    }
    guard hasBias else { return }
    let dbias = try makeGradient(Value(node: index, output: 1), plainDescriptor(node.types[1]))
    appendNative("foldBias", [wideBias, dbias]) { program in
      program.withMemory(wideBias, dbias) { tiny.foldBias($0, to: $1) }
    }
  }

  /// The same memory, seen as one row of features for each image.
  private func asRow(_ image: Tensor, _ features: Int) throws(ExecutorError) -> Tensor {
    Tensor(descriptor: try Descriptor([imageCount, features], dnnl_ab), place: image.place)
  }

  private mutating func expandedWeights(
    _ tiny: TinyConvolution, _ weights: Value
  ) throws(ExecutorError) -> Tensor {
    let wanted = try Descriptor([tiny.outputFeatures, tiny.inputFeatures], dnnl_ab)
    let source = tensor(weights)
    return try packedOnce(weights, wanted) { _, copy throws(ExecutorError) in
      .native("expandWeights") { program in
        program.withMemory(source, copy) { tiny.expand($0, to: $1) }
      }
    }
  }

  private mutating func expandedBias(
    _ tiny: TinyConvolution, _ bias: Value
  ) throws(ExecutorError) -> Tensor {
    let source = tensor(bias)
    let wanted = try Descriptor([tiny.outputFeatures], dnnl_a)
    return try packedOnce(bias, wanted) { _, copy throws(ExecutorError) in
      .native("expandBias") { program in
        program.withMemory(source, copy) { tiny.expandBias($0, to: $1) }
      }
    }
  }
}
