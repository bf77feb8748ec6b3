import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  mutating func lowerBatchNorm(
    _ node: Node, at index: Int, _ epsilon: Double
  ) throws(ExecutorError) {
    let relu = soleReLU(after: index)
    let flags = Flags.scaleAndShift | (relu == nil ? 0 : Flags.relu)
    let kernel = try batchNormKernel(node, dnnl_forward_training, epsilon, flags)
    batchNormKernels[index] = kernel
    let y = try make(Value(node: relu ?? index))
    let mean = try make(Value(node: index, output: 1))
    let variance = try make(Value(node: index, output: 2))
    var arguments = batchNormArguments(node, y, mean: mean, variance: variance)
    if let relu {
      fused.insert(relu)
      let workspace = block(try kernel.layout(of: dnnl_query_workspace_md))
      workspaces[index] = workspace
      arguments.append((DNNL_ARG_WORKSPACE, workspace))
    }
    try append("batchNorm", kernel, arguments)
  }

  mutating func lowerNormalize(
    _ node: Node, at index: Int, _ epsilon: Double
  ) throws(ExecutorError) {
    let relu = soleReLU(after: index)
    let flags = Flags.scaleAndShift | Flags.givenStatistics | (relu == nil ? 0 : Flags.relu)
    let kernel = try batchNormKernel(node, dnnl_forward_inference, epsilon, flags)
    let y = try make(Value(node: relu ?? index))
    if let relu { fused.insert(relu) }
    let (mean, variance) = (tensor(node.inputs[3]), tensor(node.inputs[4]))
    try append(
      "normalize", kernel,
      batchNormArguments(node, y, mean: mean, variance: variance))
  }

  /// With a ReLU fused forward, the kernel undoes it backward from its workspace and takes the
  /// gradient from behind the ReLU.
  mutating func lowerBatchNormGradient(
    _ node: Node, at index: Int, _ epsilon: Double
  ) throws(ExecutorError) {
    let (x, scale) = (try kept(node.inputs[0]), tensor(node.inputs[1]))
    let (mean, variance) = (tensor(node.inputs[2]), tensor(node.inputs[3]))
    let dy = tensor(node.inputs[4])
    let forwardNode = node.inputs[2].node
    let workspace = workspaces[forwardNode]
    let flags = Flags.scaleAndShift | (workspace == nil ? 0 : Flags.relu)
    let dx = try make(Value(node: index), over: node.inputs[4]).output
    let kernel = try Kernel("dnnl_batch_normalization_backward_primitive_desc_create") {
      dnnl_batch_normalization_backward_primitive_desc_create(
        &$0, engine.handle, dnnl_backward, dx.descriptor.handle, dy.descriptor.handle,
        x.descriptor.handle, Float(epsilon), flags, batchNormKernels[forwardNode]?.handle,
        attributes.handle)
    }
    let channel = try plainDescriptor(node.types[1])
    let dscale = try makeGradient(Value(node: index, output: 1), channel)
    let dshift = try makeGradient(Value(node: index, output: 2), channel)
    var arguments: [(argument: Int32, Tensor)] = [
      (DNNL_ARG_SRC, x), (DNNL_ARG_MEAN, mean), (DNNL_ARG_VARIANCE, variance),
      (DNNL_ARG_DIFF_DST, dy), (DNNL_ARG_SCALE, scale), (DNNL_ARG_DIFF_SRC, dx),
      (DNNL_ARG_DIFF_SCALE, dscale), (DNNL_ARG_DIFF_SHIFT, dshift),
    ]
    if let workspace { arguments.append((DNNL_ARG_WORKSPACE, workspace)) }
    try append("batchNormGradient", kernel, arguments)
  }

  /// Whether the gradient of a ReLU is left to the batch norm before it.
  func isUndoneByBatchNorm(_ node: Node, at index: Int) -> Bool {
    guard let next = readers[Value(node: index)], next.count == 1,
      case .batchNormGradient = graph.nodes[next[0]].operation
    else { return false }
    let batchNorm = graph.nodes[next[0]].inputs[2].node
    return workspaces[batchNorm] != nil && node.inputs[0].node == soleReLU(after: batchNorm)
  }

  private func batchNormKernel(
    _ node: Node, _ purpose: dnnl_prop_kind_t, _ epsilon: Double, _ flags: UInt32
  ) throws(ExecutorError) -> Kernel {
    let x = tensor(node.inputs[0]).descriptor
    return try Kernel("dnnl_batch_normalization_forward_primitive_desc_create") {
      dnnl_batch_normalization_forward_primitive_desc_create(
        &$0, engine.handle, purpose, x.handle, x.handle, Float(epsilon), flags, attributes.handle)
    }
  }

  private func batchNormArguments(
    _ node: Node, _ y: Tensor, mean: Tensor, variance: Tensor
  ) -> [(argument: Int32, Tensor)] {
    [
      (DNNL_ARG_SRC, tensor(node.inputs[0])), (DNNL_ARG_SCALE, tensor(node.inputs[1])),
      (DNNL_ARG_SHIFT, tensor(node.inputs[2])), (DNNL_ARG_MEAN, mean),
      (DNNL_ARG_VARIANCE, variance), (DNNL_ARG_DST, y),
    ]
  }
}

private enum Flags {
  static let scaleAndShift = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
  static let relu = dnnl_fuse_norm_relu.rawValue
  static let givenStatistics = dnnl_use_global_stats.rawValue
}
