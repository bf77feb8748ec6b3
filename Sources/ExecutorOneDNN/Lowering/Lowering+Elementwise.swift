import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  /// The ReLU behind a node, if nothing and nobody else reads the node's output.
  ///
  /// The node's kernel can then do its work, for its gradient only needs what comes out of it.
  func soleReLU(after index: Int) -> Int? {
    let value = Value(node: index)
    guard let next = readers[value], next.count == 1,
      graph.nodes[next[0]].operation == .relu, !graph.outputs.values.contains(value)
    else { return nil }
    return next[0]
  }

  /// Makes room for what a node computes, and leaves a sole ReLU behind it to the node's kernel.
  ///
  /// - Returns: the output, and attributes for the kernel.
  mutating func makeWithReLU(
    _ index: Int
  ) throws(ExecutorError) -> (output: Tensor, attributes: Attributes) {
    guard let relu = soleReLU(after: index) else {
      return (try make(Value(node: index)), attributes)
    }
    fused.insert(relu)
    return (try make(Value(node: relu)), reluAttributes)
  }

  mutating func lowerReLU(_ node: Node, at index: Int) throws(ExecutorError) {
    let x = tensor(node.inputs[0])
    let y = try make(Value(node: index), x.descriptor)
    let kernel = try reluKernel(x.descriptor)
    try append("relu", kernel, [(DNNL_ARG_SRC, x), (DNNL_ARG_DST, y)])
  }

  mutating func lowerReLUGradient(_ node: Node, at index: Int) throws(ExecutorError) {
    let (y, dy) = (tensor(node.inputs[0]), tensor(node.inputs[1]))
    if isUndoneByBatchNorm(node, at: index) {
      tensors[Value(node: index)] = dy
      return
    }
    let dx = try make(Value(node: index), y.descriptor)
    let hint = try reluKernel(y.descriptor)
    let kernel = try Kernel("dnnl_eltwise_backward_primitive_desc_create") {
      dnnl_eltwise_backward_primitive_desc_create(
        &$0, engine.handle, dnnl_eltwise_relu_use_dst_for_bwd, dx.descriptor.handle,
        dy.descriptor.handle, y.descriptor.handle, 0, 0, hint.handle, attributes.handle)
    }
    try append(
      "reluGradient", kernel,
      [(DNNL_ARG_DST, y), (DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_DIFF_SRC, dx)])
  }

  mutating func lowerAdd(_ node: Node, at index: Int) throws(ExecutorError) {
    let (a, b) = (tensor(node.inputs[0]), tensor(node.inputs[1]))
    let (sum, attributes) = try makeWithReLU(index)
    let kernel = try Kernel("dnnl_binary_primitive_desc_create") {
      dnnl_binary_primitive_desc_create(
        &$0, engine.handle, dnnl_binary_add, a.descriptor.handle, b.descriptor.handle,
        sum.descriptor.handle, attributes.handle)
    }
    try append("add", kernel, [(DNNL_ARG_SRC_0, a), (DNNL_ARG_SRC_1, b), (DNNL_ARG_DST, sum)])
  }

  private func reluKernel(_ x: Descriptor) throws(ExecutorError) -> Kernel {
    try Kernel("dnnl_eltwise_forward_primitive_desc_create") {
      dnnl_eltwise_forward_primitive_desc_create(
        &$0, engine.handle, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd, x.handle,
        x.handle, 0, 0, attributes.handle)
    }
  }
}
