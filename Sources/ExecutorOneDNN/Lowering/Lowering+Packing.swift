import CDNNL
import Executors
import NetworkGraph

// Weights in the forms that kernels ask for, made once after each update or in each pass.
extension Lowering {
  /// A parameter in the layout that a kernel asks for, packed anew after each update.
  mutating func packedParameter(
    _ value: Value, _ wanted: Descriptor
  ) throws(ExecutorError) -> Tensor {
    try packed(tensor(value), wanted, key: value)
  }

  /// Weights in another layout, packed anew after each update and kept under `key`.
  mutating func packed(
    _ source: Tensor, _ wanted: Descriptor, key: Value
  ) throws(ExecutorError) -> Tensor {
    if source.descriptor.isSame(as: wanted) { return source }
    return try packedOnce(source, wanted, key: key) { lowering, copy throws(ExecutorError) in
      try lowering.reorderStep(source, copy, in: .packing)
    }
  }

  /// A convolution's weights in the layout that its kernel asks for.
  ///
  /// Where the kernel multiplies each of them often they are packed anew in each pass, just before
  /// it, and no copy has to be kept. That takes nothing where one micro-batch is an update, and
  /// little where several are: a tenth of the kernel's time for 128 images of 4 × 4 pixels. How
  /// many images there are is not asked, or fewer could need more memory.
  mutating func packedFilters(
    _ source: Tensor, _ wanted: Descriptor, key: Value, output: TensorType
  ) throws(ExecutorError) -> Tensor {
    guard case .parameters = source.place, !graph.gradients.isEmpty,
      output.dimensions[1] * output.dimensions[2] >= 16,
      !source.descriptor.isSame(as: wanted)
    else { return try packed(source, wanted, key: key) }
    let copy = block(wanted)
    try reorder(source, copy)
    return copy
  }

  /// Makes room for what a step of packing writes.
  ///
  /// It is needed while weights are packed, when there are no activations yet, and as long as the
  /// program where a pass reads it, as ``append(_:_:)`` finds out.
  mutating func packingBlock(_ descriptor: Descriptor) -> Tensor {
    blocks.append((bytes: descriptor.bytes, first: Self.packingTime, last: Self.packingTime))
    return Tensor(descriptor: descriptor, place: .block(blocks.count - 1))
  }

  /// A parameter in another form, made by a step that runs after each update.
  ///
  /// - Parameters:
  ///   - source: what it is made from.
  ///   - key: what it is a form of; the same key and layout give the same copy.
  mutating func packedOnce(
    _ source: Tensor, _ wanted: Descriptor, key: Value,
    _ step: (inout Lowering, Tensor) throws(ExecutorError) -> Step
  ) throws(ExecutorError) -> Tensor {
    try refuseComputed(source)
    if let existing = packed[key.node]?.first(where: { $0.descriptor.isSame(as: wanted) }) {
      return existing
    }
    let copy = packingBlock(wanted)
    packing.append(try step(&self, copy))
    packed[key.node, default: []].append(copy)
    return copy
  }

  /// Packing comes before the passes, and would read what they have not computed yet.
  func refuseComputed(_ source: Tensor) throws(ExecutorError) {
    guard case .block(let index) = source.place, blocks[index].first != Self.packingTime else {
      return
    }
    throw ExecutorError(
      .unsupported, problem: "weights or a bias that the network computes cannot be packed",
      fix: "make them parameters, or use the reference executor")
  }
}
