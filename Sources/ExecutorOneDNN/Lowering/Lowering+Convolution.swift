import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  mutating func lowerConvolution(
    _ node: Node, at index: Int, _ window: Window
  ) throws(ExecutorError) {
    let (input, output) = (graph.type(of: node.inputs[0]), node.types[0])
    if let tiny = TinyConvolution(input, output, window) {
      return try lower(tiny, node, at: index)
    }
    if isFasterTurned(node, at: index, window) { return try lowerTurned(node, at: index, window) }
    let x = tensor(node.inputs[0])
    let filters = try filters(node, at: index)
    let bias = filters.bias
    let weight = try anyDescriptor(graph.type(of: node.inputs[1]))
    let (y, attributes) = try makeWithSumAndReLU(filters.output)
    let sizes = Sizes(window)
    let purpose = graph.gradients.isEmpty ? dnnl_forward_inference : dnnl_forward_training
    let kernel = try Kernel("dnnl_convolution_forward_primitive_desc_create") {
      dnnl_convolution_forward_primitive_desc_create(
        &$0, engine.handle, purpose, dnnl_convolution_direct, x.descriptor.handle, weight.handle,
        bias?.descriptor.handle, y.descriptor.handle, sizes.strides, sizes.dilation, sizes.padding,
        sizes.padding, attributes.handle)
    }
    let w = try packed(
      filters.weights, kernel.layout(of: dnnl_query_weights_md), key: filters.key)
    var arguments = [(argument: DNNL_ARG_SRC, x), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DST, y)]
    if let bias { arguments.append((DNNL_ARG_BIAS, bias)) }
    try append("convolution", kernel, arguments)
  }

  mutating func lowerConvolutionInputGradient(
    _ node: Node, at index: Int, _ window: Window, _ input: TensorType
  ) throws(ExecutorError) {
    if let tiny = TinyConvolution(input, graph.type(of: node.inputs[0]), window) {
      return try lowerInputGradient(tiny, node, at: index)
    }
    let dy = tensor(node.inputs[0])
    let weight = try anyDescriptor(graph.type(of: node.inputs[1]))
    let dx = try make(Value(node: index))
    let kernel = try inputGradientKernel(
      dx.descriptor, weight, dy.descriptor, Sizes(window))
    let w = try packedParameter(node.inputs[1], kernel.layout(of: dnnl_query_weights_md))
    try append(
      "convolutionInputGradient", kernel,
      [(DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DIFF_SRC, dx)])
  }

  mutating func lowerConvolutionWeightGradient(
    _ node: Node, at index: Int, _ window: Window, bias hasBias: Bool
  ) throws(ExecutorError) {
    let (input, output) = (graph.type(of: node.inputs[0]), graph.type(of: node.inputs[1]))
    if let tiny = TinyConvolution(input, output, window) {
      return try lowerWeightGradient(tiny, node, at: index, bias: hasBias)
    }
    var (x, dy) = (tensor(node.inputs[0]), tensor(node.inputs[1]))
    if isFasterByPixel(input, output) { (x, dy) = (try byPixel(x, input), try byPixel(dy, output)) }
    let weight = try anyDescriptor(node.types[0])
    let bias = hasBias ? try plainDescriptor(node.types[1]) : nil
    let sizes = Sizes(window)
    let hint = try forwardHint(x.descriptor, weight, bias: bias, dy.descriptor, sizes)
    let kernel = try Kernel("dnnl_convolution_backward_weights_primitive_desc_create") {
      dnnl_convolution_backward_weights_primitive_desc_create(
        &$0, engine.handle, dnnl_convolution_direct, x.descriptor.handle, weight.handle,
        bias?.handle, dy.descriptor.handle, sizes.strides, sizes.dilation, sizes.padding,
        sizes.padding, hint.handle, attributes.handle)
    }
    let dw = try makeGradient(
      Value(node: index), kernel.layout(of: dnnl_query_diff_weights_md))
    var arguments = [(argument: DNNL_ARG_SRC, x), (DNNL_ARG_DIFF_DST, dy)]
    arguments.append((DNNL_ARG_DIFF_WEIGHTS, dw))
    if let bias {
      arguments.append((DNNL_ARG_DIFF_BIAS, try makeGradient(Value(node: index, output: 1), bias)))
    }
    try append("convolutionWeightGradient", kernel, arguments)
  }

  /// Whether weight gradients are worth their images' reorder to channels last.
  ///
  /// So they are for many channels of few pixels: 480 against 418 GFLOP/s for 512 → 512 channels of
  /// 4×4 pixels, 128 images, where the reorders take a sixth of what is gained; with half the channels
  /// it is a draw (oneDNN 3.2, f32, AVX-512, two cores of a Zen 5).
  private func isFasterByPixel(_ input: TensorType, _ output: TensorType) -> Bool {
    let channels = min(input.dimensions[0], output.dimensions[0])
    return OneDNNLibrary.vectorWidth == 16 && channels >= 512
      && [input, output].allSatisfy { $0.dimensions[1] * $0.dimensions[2] <= 16 }
  }

  /// A copy of images with the channels of a pixel side by side.
  private mutating func byPixel(
    _ images: Tensor, _ type: TensorType
  ) throws(ExecutorError) -> Tensor {
    let copy = block(try Descriptor(dimensions(type), dnnl_acdb))
    try reorder(images, copy)
    return copy
  }

  func inputGradientKernel(
    _ dx: Descriptor, _ weight: Descriptor, _ dy: Descriptor, _ sizes: Sizes
  ) throws(ExecutorError) -> Kernel {
    let hint = try forwardHint(dx, weight, bias: nil, dy, sizes)
    return try Kernel("dnnl_convolution_backward_data_primitive_desc_create") {
      dnnl_convolution_backward_data_primitive_desc_create(
        &$0, engine.handle, dnnl_convolution_direct, dx.handle, weight.handle, dy.handle,
        sizes.strides, sizes.dilation, sizes.padding, sizes.padding, hint.handle,
        attributes.handle)
    }
  }

  /// The forward kernel that oneDNN wants to see before it makes a backward one.
  private func forwardHint(
    _ x: Descriptor, _ weight: Descriptor, bias: Descriptor?, _ y: Descriptor, _ sizes: Sizes
  ) throws(ExecutorError) -> Kernel {
    try Kernel("dnnl_convolution_forward_primitive_desc_create") {
      dnnl_convolution_forward_primitive_desc_create(
        &$0, engine.handle, dnnl_forward_training, dnnl_convolution_direct, x.handle,
        weight.handle, bias?.handle, y.handle, sizes.strides, sizes.dilation, sizes.padding,
        sizes.padding, attributes.handle)
    }
  }
}

/// A window's numbers as oneDNN takes them: one for each edge.
struct Sizes {
  let kernel, strides, padding: [Int64]
  /// In oneDNN 0 means that taps are neighbours.
  let dilation: [Int64] = [0, 0]

  init(_ window: Window) {
    kernel = Array(repeating: Int64(window.size), count: 2)
    strides = Array(repeating: Int64(window.stride), count: 2)
    padding = Array(repeating: Int64(window.padding), count: 2)
  }
}

extension Kernel {
  /// The layout that the kernel chose for an argument that it certainly has.
  func layout(of query: dnnl_query_t) throws(ExecutorError) -> Descriptor {
    guard let descriptor = try descriptor(query) else {
      preconditionFailure("the kernel has no argument \(query.rawValue)")
    }
    return descriptor
  }
}
