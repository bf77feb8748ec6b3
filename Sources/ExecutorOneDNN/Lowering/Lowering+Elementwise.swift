import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  /// The ReLU behind a node, if nothing and nobody else reads the node's output.
  ///
  /// The node's kernel can then do its work, for its gradient only needs what comes out of it.
  func soleReLU(after index: Int) -> Int? {
    guard let next = soleReader(of: index), next.node.operation == .relu else { return nil }
    return next.index
  }

  /// Makes room for what a node computes, and leaves a sole ReLU behind it to the node's kernel.
  ///
  /// - Returns: the output, and attributes for the kernel.
  mutating func makeWithReLU(
    _ index: Int
  ) throws(ExecutorError) -> (output: Tensor, attributes: Attributes) {
    let (value, attributes) = withReLU(index)
    return (try make(value), attributes)
  }

  /// The same, and leaves a sum behind the node to the kernel too, which adds to what is there: in
  /// evaluation, where the other operand is known by then and nobody else needs it any more.
  mutating func makeWithSumAndReLU(
    _ index: Int
  ) throws(ExecutorError) -> (output: Tensor, attributes: Attributes) {
    guard graph.gradients.isEmpty, let current, let sum = soleReader(of: index),
      sum.node.operation == .add,
      let other = sum.node.inputs.first(where: { $0 != Value(node: index) }),
      let target = tensors[other], isRead(other, notAfter: current - 1, except: sum.index),
      try target.descriptor.isSame(as: descriptor(of: Value(node: sum.index)))
    else { return try makeWithReLU(index) }
    fused.insert(sum.index)
    let relu = soleReLU(after: sum.index)
    if let relu { fused.insert(relu) }
    tensors[Value(node: relu ?? sum.index)] = target
    return (target, relu == nil ? sumAttributes : sumReLUAttributes)
  }

  /// Whether a kernel with these attributes adds to what is in its output.
  func addsToOutput(_ attributes: Attributes) -> Bool {
    attributes === sumAttributes || attributes === sumReLUAttributes
  }

  func endsInReLU(_ attributes: Attributes) -> Bool {
    attributes === reluAttributes || attributes === sumReLUAttributes
  }

  /// The value that a kernel writes which leaves no sole ReLU behind its node to others.
  private mutating func withReLU(_ index: Int) -> (value: Value, attributes: Attributes) {
    guard let relu = soleReLU(after: index) else { return (Value(node: index), attributes) }
    fused.insert(relu)
    return (Value(node: relu), reluAttributes)
  }

  mutating func lowerReLU(_ node: Node, at index: Int) throws(ExecutorError) {
    let x = tensor(node.inputs[0])
    let y = try make(Value(node: index), over: node.inputs[0]).output
    let kernel = try reluKernel(x.descriptor)
    try append("relu", kernel, [(DNNL_ARG_SRC, x), (DNNL_ARG_DST, y)])
  }

  mutating func lowerReLUGradient(_ node: Node, at index: Int) throws(ExecutorError) {
    if isUndoneByBatchNorm(node, at: index) {
      tensors[Value(node: index)] = tensor(node.inputs[1])
      return
    }
    if fused.contains(node.inputs[1].node) { return try lowerGradientMerge(node, at: index) }
    let (y, dy) = (tensor(node.inputs[0]), tensor(node.inputs[1]))
    let dx = try make(Value(node: index), over: node.inputs[1]).output
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
    if isLeftToReLUGradient(index) {
      fused.insert(index)
      return
    }
    let (value, attributes) = withReLU(index)
    // oneDNN may write over its first operand only; which one that is changes no bit.
    let isDouble = tensor(node.inputs[0]).place == tensor(node.inputs[1]).place
    let (sum, reused) =
      isDouble ? (try make(value), nil) : try make(value, over: node.inputs[0], node.inputs[1])
    let inputs = reused == node.inputs[1] ? node.inputs.reversed() : node.inputs
    let (a, b) = (tensor(inputs[0]), tensor(inputs[1]))
    let kernel = try Kernel("dnnl_binary_primitive_desc_create") {
      dnnl_binary_primitive_desc_create(
        &$0, engine.handle, dnnl_binary_add, a.descriptor.handle, b.descriptor.handle,
        sum.descriptor.handle, attributes.handle)
    }
    try append("add", kernel, [(DNNL_ARG_SRC_0, a), (DNNL_ARG_SRC_1, b), (DNNL_ARG_DST, sum)])
  }

  /// Whether all that is done with a sum of gradients is to pass it back through a ReLU.
  ///
  /// In f32 only: in bf16 one pass of plain Swift vectors is no faster than oneDNN's two primitives
  /// (1.6 against 1.9 ms of a ResNet-20 step of 128 images in a prototype on a Zen 5).
  private func isLeftToReLUGradient(_ index: Int) -> Bool {
    guard compact == .f32, let next = readers[Value(node: index)], next.count == 1 else {
      return false
    }
    let reader = graph.nodes[next[0]]
    return reader.operation == .reluGradient && reader.inputs[1] == Value(node: index)
      && !isUndoneByBatchNorm(reader, at: next[0])
  }

  /// The gradients of a residual block's two ways, added and passed back through the ReLU before
  /// them in one pass over memory, which oneDNN has no primitive for: dx = y > 0 ? a + b : 0.
  private mutating func lowerGradientMerge(_ node: Node, at index: Int) throws(ExecutorError) {
    let sum = graph.nodes[node.inputs[1].node]
    let (y, a, b) = (tensor(node.inputs[0]), tensor(sum.inputs[0]), tensor(sum.inputs[1]))
    let dx = try make(Value(node: index), over: sum.inputs[0], sum.inputs[1]).output
    let count = dx.descriptor.bytes / MemoryLayout<Float>.stride
    appendNative("gradientMerge", [y, a, b, dx]) { program in
      let (y, a, b) = (program.floats(y), program.floats(a), program.floats(b))
      let dx = program.floats(dx)
      OpenMP.parallel(count, atLeast: 4096) { mergeGradients(a, b, where: y, to: dx, in: $0) }
    }
  }

  private func reluKernel(_ x: Descriptor) throws(ExecutorError) -> Kernel {
    try Kernel("dnnl_eltwise_forward_primitive_desc_create") {
      dnnl_eltwise_forward_primitive_desc_create(
        &$0, engine.handle, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd, x.handle,
        x.handle, 0, 0, attributes.handle)
    }
  }
}

/// Writes y > 0 ? a + b : 0.
///
/// In vectors by hand: the compiler does not vectorise a choice between memory that may be the same,
/// and was ten times slower.
private func mergeGradients(
  _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>,
  where y: UnsafeMutablePointer<Float>, to dx: UnsafeMutablePointer<Float>, in share: Range<Int>
) {
  typealias Vector = SIMD16<Float>
  func vector(_ start: UnsafeMutablePointer<Float>, _ index: Int) -> Vector {
    UnsafeRawPointer(start + index).loadUnaligned(as: Vector.self)
  }
  let whole = share.lowerBound + share.count / Vector.scalarCount * Vector.scalarCount
  for index in stride(from: share.lowerBound, to: whole, by: Vector.scalarCount) {
    let sum = vector(a, index) + vector(b, index)
    let kept = Vector.zero.replacing(with: sum, where: vector(y, index) .> 0)
    UnsafeMutableRawPointer(dx + index).storeBytes(of: kept, as: Vector.self)
  }
  for index in whole..<share.upperBound { dx[index] = y[index] > 0 ? a[index] + b[index] : 0 }
}
