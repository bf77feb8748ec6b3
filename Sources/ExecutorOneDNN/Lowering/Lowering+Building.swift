import CDNNL
import Executors
import NetworkGraph

// What the lowering of every operation builds with: descriptors, blocks of memory, steps.
extension Lowering {
  var engine: Engine { context.engine }

  func dimensions(_ type: TensorType) -> [Int] {
    let sizes = type.dimensions(images: imageCount)
    return sizes.isEmpty ? [1] : sizes
  }

  /// The descriptor that the layout rule gives a value of this type.
  func descriptor(_ type: TensorType) throws(ExecutorError) -> Descriptor {
    try Descriptor(dimensions(type), Layout.tag(type))
  }

  func plainDescriptor(_ type: TensorType) throws(ExecutorError) -> Descriptor {
    let tags = [dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd]
    let sizes = dimensions(type)
    return try Descriptor(sizes, tags[sizes.count - 1])
  }

  /// A descriptor that leaves the layout to the kernel.
  func anyDescriptor(_ type: TensorType) throws(ExecutorError) -> Descriptor {
    try Descriptor(dimensions(type), dnnl_format_tag_any)
  }

  func tensor(_ value: Value) -> Tensor {
    guard let tensor = tensors[value] else { preconditionFailure("%\(value.node) is not lowered") }
    return tensor
  }

  /// Makes room for an output of a node, in the layout of its shape.
  @discardableResult
  mutating func make(
    _ value: Value, _ descriptor: Descriptor? = nil
  ) throws(ExecutorError) -> Tensor {
    let rule = try self.descriptor(graph.type(of: value))
    let tensor = block(descriptor ?? rule)
    tensors[value] = tensor
    return tensor
  }

  /// Makes room in the arena.
  mutating func block(_ descriptor: Descriptor) -> Tensor {
    blocks.append((bytes: descriptor.bytes, first: stepCount, last: stepCount))
    return Tensor(descriptor: descriptor, place: .block(blocks.count - 1))
  }

  /// Steps so far, which is the time at which the next one runs.
  var stepCount: Int { forward.count + backward.count }

  /// Appends a primitive to the pass that is being lowered.
  mutating func append(
    _ name: String, _ kernel: Kernel, _ arguments: [(argument: Int32, Tensor)]
  ) throws(ExecutorError) {
    append(Step(name: name, work: .primitive(try Primitive(kernel), arguments)), arguments.map(\.1))
    scratchpadBytes = max(scratchpadBytes, kernel.scratchpadBytes)
  }

  /// Appends own code that reads and writes `tensors`.
  mutating func appendNative(
    _ name: String, _ tensors: [Tensor], _ body: @escaping (OneDNNProgram) -> Void
  ) {
    append(.native(name, body), tensors)
  }

  mutating func append(_ step: Step, _ used: [Tensor]) {
    for tensor in used {
      guard case .block(let index) = tensor.place else { continue }
      blocks[index].last = max(blocks[index].last, stepCount)
    }
    if inBackward { backward.append(step) } else { forward.append(step) }
  }

  /// A parameter in the layout that a kernel asks for, packed anew after each update.
  mutating func packedParameter(
    _ value: Value, _ wanted: Descriptor
  ) throws(ExecutorError) -> Tensor {
    let source = tensor(value)
    if source.descriptor.isSame(as: wanted) { return source }
    return try packedOnce(value, wanted) { lowering, copy throws(ExecutorError) in
      try lowering.reorderStep(source, copy)
    }
  }

  /// A parameter in another form, made by a step that runs after each update.
  mutating func packedOnce(
    _ value: Value, _ wanted: Descriptor,
    _ step: (inout Lowering, Tensor) throws(ExecutorError) -> Step
  ) throws(ExecutorError) -> Tensor {
    if let existing = packed[value.node]?.first(where: { $0.descriptor.isSame(as: wanted) }) {
      return existing
    }
    let copy = block(wanted)
    keepForever(copy)
    packing.append(try step(&self, copy))
    packed[value.node, default: []].append(copy)
    return copy
  }

  /// Where a kernel writes the gradient of a parameter: straight into the caller's buffer if its
  /// layout allows it, else into the arena, from where it is reordered.
  mutating func makeGradient(
    _ value: Value, _ wanted: Descriptor
  ) throws(ExecutorError) -> Tensor {
    let plain = try plainDescriptor(graph.type(of: value))
    guard let parameter = gradientOf[value], wanted.isSame(as: plain) else {
      return try make(value, wanted)
    }
    let tensor = Tensor(
      descriptor: plain, place: .gradient(graph.parameters[parameter].offset))
    tensors[value] = tensor
    return tensor
  }

  mutating func reorder(_ source: Tensor, _ target: Tensor) throws(ExecutorError) {
    append(try reorderStep(source, target), [source, target])
  }

  mutating func reorderStep(
    _ source: Tensor, _ target: Tensor
  ) throws(ExecutorError) -> Step {
    let kernel = try Kernel("dnnl_reorder_primitive_desc_create") {
      dnnl_reorder_primitive_desc_create(
        &$0, source.descriptor.handle, engine.handle, target.descriptor.handle, engine.handle,
        attributes.handle)
    }
    scratchpadBytes = max(scratchpadBytes, kernel.scratchpadBytes)
    let arguments = [(argument: DNNL_ARG_FROM, source), (argument: DNNL_ARG_TO, target)]
    return Step(name: "reorder", work: .primitive(try Primitive(kernel), arguments))
  }

  mutating func keepForever(_ tensor: Tensor) {
    guard case .block(let index) = tensor.place else { return }
    blocks[index].first = 0
    blocks[index].last = .max
  }
}
