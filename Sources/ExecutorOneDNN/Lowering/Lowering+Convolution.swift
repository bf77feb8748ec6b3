import CDNNL
import Executors
import NetworkGraph

/// What a convolution and its gradients are made by.
private enum ConvolutionForm {
  case tiles(Winograd)
  case dense(TinyConvolution)
  case kernel
}

extension Lowering {
  private func form(
    _ input: TensorType, _ output: TensorType, _ window: Window
  ) -> ConvolutionForm {
    let winograd = Winograd(
      input, output, window, compact, imageCount: imageCount, imagesOfTiles: imagesOfTiles)
    if let winograd {
      return .tiles(winograd)
    }
    return TinyConvolution(input, output, window, compact).map { .dense($0) } ?? .kernel
  }

  mutating func lowerConvolution(
    _ node: Node, at index: Int, _ window: Window
  ) throws(ExecutorError) {
    let (input, output) = (graph.type(of: node.inputs[0]), node.types[0])
    switch form(input, output, window) {
    case .tiles(let winograd): return try lower(winograd, node, at: index)
    case .dense(let tiny): return try lower(tiny, node, at: index)
    case .kernel: break
    }
    if isFasterTurned(node, at: index, window) { return try lowerTurned(node, at: index, window) }
    let x = tensor(node.inputs[0])
    let filters = try filters(node, at: index)
    let weight = try anyDescriptor(graph.type(of: node.inputs[1]), compact)
    let (y, attributes) = try makeWithSumAndReLU(filters.output)
    let kernel = try forwardKernel(
      x.descriptor, weight, bias: filters.bias?.descriptor, y.descriptor, Sizes(window), attributes)
    if !kernel.isReference {
      try append(kernel, filters, from: x, to: y)
      if isRemade(index) { recipes[Value(node: index)] = ConvolutionRecipe(kernel, filters, x) }
      return
    }
    try lowerWithoutFastKernel(node, window, filters, x, weight, y, attributes)
  }

  /// From a copy with padding, where there is a fast kernel then, else in plain layouts.
  private mutating func lowerWithoutFastKernel(
    _ node: Node, _ window: Window, _ filters: Filters, _ x: Tensor, _ weight: Descriptor,
    _ y: Tensor, _ attributes: Attributes
  ) throws(ExecutorError) {
    let (input, output) = (graph.type(of: node.inputs[0]), node.types[0])
    let bias = filters.bias?.descriptor
    let (plainX, plainY) = (
      try plainDescriptor(input, compact), try plainDescriptor(output, compact)
    )
    if Layout.isPlain(input, compact) {
      let padded = PaddedImage(input, output, window)
      let kernel = try forwardKernel(
        plainDescriptor(padded.type, compact), weight, bias: bias, y.descriptor,
        Sizes(padded.window), attributes)
      if !kernel.isReference {
        return try append(kernel, filters, from: try pad(x, input, padded), to: y)
      }
    }
    let kernel = try forwardKernel(plainX, weight, bias: bias, plainY, Sizes(window), attributes)
    let result = addsToOutput(attributes) ? try copy(of: y, as: plainY) : block(plainY)
    try append(kernel, filters, from: try copy(of: x, as: plainX), to: result)
    try reorder(result, y)
  }

  mutating func append(
    _ kernel: Kernel, _ filters: Filters, from x: Tensor, to y: Tensor
  ) throws(ExecutorError) {
    let w = try packedFilters(
      filters.weights, kernel.layout(of: dnnl_query_weights_md), key: filters.key,
      output: graph.nodes[filters.output].types[0])
    var arguments = [(argument: DNNL_ARG_SRC, x), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DST, y)]
    if let bias = filters.bias { arguments.append((DNNL_ARG_BIAS, bias)) }
    try append("convolution", kernel, arguments)
  }

  /// The same numbers in another layout; the tensor itself where that is its own.
  private mutating func copy(
    of tensor: Tensor, as descriptor: Descriptor
  ) throws(ExecutorError) -> Tensor {
    if tensor.descriptor.isSame(as: descriptor) { return tensor }
    let copy = block(descriptor)
    try reorder(tensor, copy)
    return copy
  }

  mutating func lowerConvolutionInputGradient(
    _ node: Node, at index: Int, _ window: Window, _ input: TensorType
  ) throws(ExecutorError) {
    let output = graph.type(of: node.inputs[0])
    switch form(input, output, window) {
    case .tiles(let winograd): return try lowerInputGradient(winograd, node, at: index)
    case .dense(let tiny): return try lowerInputGradient(tiny, node, at: index)
    case .kernel: break
    }
    let dy = tensor(node.inputs[0])
    let weight = try anyDescriptor(graph.type(of: node.inputs[1]), compact)
    let dx = try make(Value(node: index))
    let kernel = try inputGradientKernel(
      dx.descriptor, weight, dy.descriptor, Sizes(window))
    let w = try packedFilters(
      tensor(node.inputs[1]), kernel.layout(of: dnnl_query_weights_md), key: node.inputs[1],
      output: graph.type(of: node.inputs[0]))
    try append(
      "convolutionInputGradient", kernel,
      [(DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DIFF_SRC, dx)])
  }

  mutating func lowerConvolutionWeightGradient(
    _ node: Node, at index: Int, _ window: Window, bias hasBias: Bool
  ) throws(ExecutorError) {
    let (input, output) = (graph.type(of: node.inputs[0]), graph.type(of: node.inputs[1]))
    if isFasterByColumns(input, output) {
      return try lowerWeightGradientByColumns(node, at: index, window)
    }
    switch form(input, output, window) {
    case .tiles(let winograd):
      return try lowerWeightGradient(winograd, node, at: index, bias: hasBias)
    case .dense(let tiny): return try lowerWeightGradient(tiny, node, at: index, bias: hasBias)
    case .kernel: break
    }
    var (x, dy) = (tensor(node.inputs[0]), tensor(node.inputs[1]))
    let bias = hasBias ? try plainDescriptor(node.types[1]) : nil
    var kernel = try weightGradientKernel(
      x.descriptor, node.types[0], bias, dy.descriptor, Sizes(window))
    if kernel.isReference {
      // Grey images to blocked channels are such a case.
      x = try copy(of: x, as: plainDescriptor(input, compact))
      dy = try copy(of: dy, as: plainDescriptor(output, compact))
      kernel = try weightGradientKernel(
        x.descriptor, node.types[0], bias, dy.descriptor, Sizes(window))
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

  private func weightGradientKernel(
    _ x: Descriptor, _ weight: TensorType, _ bias: Descriptor?, _ dy: Descriptor, _ sizes: Sizes
  ) throws(ExecutorError) -> Kernel {
    let hint = try forwardKernel(
      x, try anyDescriptor(weight, compact), bias: bias, dy, sizes, attributes)
    let gradient = try anyDescriptor(weight, .f32)
    return try Kernel("dnnl_convolution_backward_weights_primitive_desc_create") {
      dnnl_convolution_backward_weights_primitive_desc_create(
        &$0, engine.handle, dnnl_convolution_direct, x.handle, gradient.handle, bias?.handle,
        dy.handle, sizes.strides, sizes.dilation, sizes.padding, sizes.padding, hint.handle,
        attributes.handle)
    }
  }

  func inputGradientKernel(
    _ dx: Descriptor, _ weight: Descriptor, _ dy: Descriptor, _ sizes: Sizes
  ) throws(ExecutorError) -> Kernel {
    let hint = try forwardKernel(dx, weight, bias: nil, dy, sizes, attributes)
    return try Kernel("dnnl_convolution_backward_data_primitive_desc_create") {
      dnnl_convolution_backward_data_primitive_desc_create(
        &$0, engine.handle, dnnl_convolution_direct, dx.handle, weight.handle, dy.handle,
        sizes.strides, sizes.dilation, sizes.padding, sizes.padding, hint.handle,
        attributes.handle)
    }
  }

  /// What passes forward, and what oneDNN wants to see before it makes a kernel that passes back.
  private func forwardKernel(
    _ x: Descriptor, _ weight: Descriptor, bias: Descriptor?, _ y: Descriptor, _ sizes: Sizes,
    _ attributes: Attributes
  ) throws(ExecutorError) -> Kernel {
    let purpose = graph.gradients.isEmpty ? dnnl_forward_inference : dnnl_forward_training
    return try Kernel("dnnl_convolution_forward_primitive_desc_create") {
      dnnl_convolution_forward_primitive_desc_create(
        &$0, engine.handle, purpose, dnnl_convolution_direct, x.handle, weight.handle,
        bias?.handle, y.handle, sizes.strides, sizes.dilation, sizes.padding, sizes.padding,
        attributes.handle)
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
  /// Whether it is the one that oneDNN has for what no fast one takes.
  ///
  /// With AVX2 none takes AlexNet's first convolution to blocked channels, for its padding; the
  /// reference kernel needs 2.6 s for 16 images on one thread of a Zen 3 (oneDNN 3.2).
  fileprivate var isReference: Bool { implementation.hasPrefix("ref") }

  /// The layout that the kernel chose for an argument that it certainly has.
  func layout(of query: dnnl_query_t) throws(ExecutorError) -> Descriptor {
    guard let descriptor = try descriptor(query) else {
      preconditionFailure("the kernel has no argument \(query.rawValue)")
    }
    return descriptor
  }
}
