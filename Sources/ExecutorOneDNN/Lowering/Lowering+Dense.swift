import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  mutating func lowerDense(_ node: Node, at index: Int) throws(ExecutorError) {
    let (x, bias) = (tensor(node.inputs[0]), tensor(node.inputs[2]))
    let weight = try anyDescriptor(graph.type(of: node.inputs[1]), compact)
    let y = try make(Value(node: index))
    let kernel = try denseKernel(x.descriptor, weight, bias.descriptor, y.descriptor)
    let w = try packedParameter(node.inputs[1], kernel.layout(of: dnnl_query_weights_md))
    try append(
      "dense", kernel,
      [(DNNL_ARG_SRC, x), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_BIAS, bias), (DNNL_ARG_DST, y)])
  }

  mutating func lowerDenseInputGradient(_ node: Node, at index: Int) throws(ExecutorError) {
    let dy = tensor(node.inputs[0])
    let weight = try anyDescriptor(graph.type(of: node.inputs[1]), compact)
    let dx = try make(Value(node: index))
    let kernel = try denseInputGradientKernel(dy.descriptor, weight, dx.descriptor)
    let w = try packedParameter(node.inputs[1], kernel.layout(of: dnnl_query_weights_md))
    try append(
      "denseInputGradient", kernel,
      [(DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_WEIGHTS, w), (DNNL_ARG_DIFF_SRC, dx)])
  }

  mutating func lowerDenseWeightGradient(_ node: Node, at index: Int) throws(ExecutorError) {
    let (x, dy) = (tensor(node.inputs[0]), tensor(node.inputs[1]))
    let weight = try anyDescriptor(node.types[0], .f32)
    let bias = try plainDescriptor(node.types[1])
    let kernel = try denseWeightGradientKernel(
      x.descriptor, dy.descriptor, weight, bias, sizes: node.types[0].dimensions)
    let dw = try makeGradient(
      Value(node: index), kernel.layout(of: dnnl_query_diff_weights_md))
    let dbias = try makeGradient(Value(node: index, output: 1), bias)
    try append(
      "denseWeightGradient", kernel,
      [
        (DNNL_ARG_SRC, x), (DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_DIFF_WEIGHTS, dw),
        (DNNL_ARG_DIFF_BIAS, dbias),
      ])
  }

  func denseKernel(
    _ x: Descriptor, _ weight: Descriptor, _ bias: Descriptor?, _ y: Descriptor
  ) throws(ExecutorError) -> Kernel {
    try Kernel("dnnl_inner_product_forward_primitive_desc_create") {
      dnnl_inner_product_forward_primitive_desc_create(
        &$0, engine.handle, dnnl_forward_training, x.handle, weight.handle, bias?.handle,
        y.handle, attributes.handle)
    }
  }

  func denseInputGradientKernel(
    _ dy: Descriptor, _ weight: Descriptor, _ dx: Descriptor
  ) throws(ExecutorError) -> Kernel {
    let hint = try denseKernel(dx, weight, nil, dy)
    return try Kernel("dnnl_inner_product_backward_data_primitive_desc_create") {
      dnnl_inner_product_backward_data_primitive_desc_create(
        &$0, engine.handle, dx.handle, weight.handle, dy.handle, hint.handle, attributes.handle)
    }
  }

  /// - Parameter sizes: of the weights, outputs first.
  func denseWeightGradientKernel(
    _ x: Descriptor, _ dy: Descriptor, _ dw: Descriptor, _ dbias: Descriptor, sizes: [Int]
  ) throws(ExecutorError) -> Kernel {
    let hint = try denseKernel(x, try Descriptor(sizes, dnnl_format_tag_any, compact), dbias, dy)
    return try Kernel("dnnl_inner_product_backward_weights_primitive_desc_create") {
      dnnl_inner_product_backward_weights_primitive_desc_create(
        &$0, engine.handle, x.handle, dw.handle, dbias.handle, dy.handle, hint.handle,
        attributes.handle)
    }
  }

  /// Flatten and its gradient: nothing to do where the elements already lie in the right order.
  mutating func lowerReshape(_ node: Node, at index: Int) throws(ExecutorError) {
    let source = tensor(node.inputs[0])
    let (from, to) = (graph.type(of: node.inputs[0]), node.types[0])
    let image = from.dimensions.count == 3 ? from : to
    if Layout.isPlain(image, compact) {
      tensors[Value(node: index)] = Tensor(
        descriptor: try descriptor(of: Value(node: index)), place: source.place)
      return
    }
    let plain = try plainDescriptor(image, compact)
    let target = try make(Value(node: index))
    // The features are the plain image under another name.
    let features = Tensor(descriptor: plain, place: (image == from ? target : source).place)
    try reorder(image == from ? source : features, image == from ? features : target)
  }
}
