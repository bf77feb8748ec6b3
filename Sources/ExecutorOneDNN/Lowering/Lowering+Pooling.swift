import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  mutating func lowerPool(
    _ node: Node, at index: Int, _ window: Window
  ) throws(ExecutorError) {
    let x = tensor(node.inputs[0])
    let y = try make(Value(node: index))
    // A maximum remembers its choice in a workspace, also where nobody will ask for it.
    let kernel = try poolKernel(node.operation, x.descriptor, y.descriptor, window)
    var arguments = [(argument: DNNL_ARG_SRC, x), (DNNL_ARG_DST, y)]
    if case .maximumPool = node.operation {
      let layout = try kernel.layout(of: dnnl_query_workspace_md)
      arguments.append((DNNL_ARG_WORKSPACE, try make(Value(node: index, output: 1), layout)))
    }
    try append(node.operation.name, kernel, arguments)
  }

  mutating func lowerPoolGradient(
    _ node: Node, at index: Int, _ window: Window, _ input: TensorType
  ) throws(ExecutorError) {
    guard let last = node.inputs.last else { preconditionFailure("a gradient without dy") }
    let dy = tensor(last)
    let dx = try make(Value(node: index))
    let sizes = Sizes(window)
    let hint = try poolKernel(node.operation, dx.descriptor, dy.descriptor, window)
    let kernel = try Kernel("dnnl_pooling_backward_primitive_desc_create") {
      dnnl_pooling_backward_primitive_desc_create(
        &$0, engine.handle, algorithm(node.operation), dx.descriptor.handle, dy.descriptor.handle,
        sizes.strides, sizes.kernel, sizes.dilation, sizes.padding, sizes.padding, hint.handle,
        attributes.handle)
    }
    var arguments = [(argument: DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_DIFF_SRC, dx)]
    if node.inputs.count == 2 { arguments.append((DNNL_ARG_WORKSPACE, tensor(node.inputs[0]))) }
    try append(node.operation.name, kernel, arguments)
  }

  private func poolKernel(
    _ operation: Operation, _ x: Descriptor, _ y: Descriptor, _ window: Window
  ) throws(ExecutorError) -> Kernel {
    let sizes = Sizes(window)
    return try Kernel("dnnl_pooling_forward_primitive_desc_create") {
      dnnl_pooling_forward_primitive_desc_create(
        &$0, engine.handle, dnnl_forward_training, algorithm(operation), x.handle, y.handle,
        sizes.strides, sizes.kernel, sizes.dilation, sizes.padding, sizes.padding,
        attributes.handle)
    }
  }

  private func algorithm(_ operation: Operation) -> dnnl_alg_kind_t {
    switch operation {
    case .averagePool, .averagePoolGradient: dnnl_pooling_avg_include_padding
    default: dnnl_pooling_max
    }
  }
}
