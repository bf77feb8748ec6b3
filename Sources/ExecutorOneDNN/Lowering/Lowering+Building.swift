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

  /// Makes room for an output of the current node in the memory of one of its inputs, the first
  /// that nobody reads any more; in new memory where there is none.
  ///
  /// - Returns: the output, and the input whose memory it has.
  mutating func make(
    _ value: Value, over inputs: Value...
  ) throws(ExecutorError) -> (output: Tensor, input: Value?) {
    let wanted = try descriptor(graph.type(of: value))
    for input in inputs {
      let candidate = tensor(input)
      guard let current, candidate.descriptor.isSame(as: wanted), isRead(input, notAfter: current)
      else { continue }
      tensors[value] = candidate
      return (candidate, input)
    }
    return (try make(value, wanted), nil)
  }

  /// Whether no node after `last` reads a value's memory, under whatever name, nor the caller.
  ///
  /// - Parameter excepted: a node that may.
  func isRead(_ value: Value, notAfter last: Int, except excepted: Int? = nil) -> Bool {
    let place = tensor(value).place
    guard case .block = place else { return false }
    return tensors.allSatisfy { other, tensor in
      tensor.place != place
        || !isReadByCaller(other)
          && (readers[other] ?? []).allSatisfy { $0 == excepted || time(of: $0) <= last }
    }
  }

  /// The node at which a node reads: a later one where it has left its work to that.
  private func time(of node: Int) -> Int {
    fused.contains(node) ? readers[Value(node: node)]?.max() ?? node : node
  }

  private func isReadByCaller(_ value: Value) -> Bool {
    graph.outputs.values.contains(value) || graph.gradients.contains(value)
      || graph.statisticSources.contains { $0.value == value }
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
    _ operation: String, _ kernel: Kernel, _ arguments: [(argument: Int32, Tensor)]
  ) throws(ExecutorError) {
    append(try step(operation, kernel, arguments), arguments.map(\.1))
  }

  /// A step that executes `kernel`.
  mutating func step(
    _ operation: String, _ kernel: Kernel, _ arguments: [(argument: Int32, Tensor)],
    in pass: ProgramStep.Pass? = nil
  ) throws(ExecutorError) -> Step {
    scratchpadBytes = max(scratchpadBytes, kernel.scratchpadBytes)
    return Step(
      label: label(operation, kernel.implementation, in: pass ?? self.pass),
      work: .primitive(try Primitive(kernel), arguments))
  }

  /// A step of own code.
  func nativeStep(
    _ operation: String, in pass: ProgramStep.Pass? = nil,
    _ body: @escaping (OneDNNProgram) -> Void
  ) -> Step {
    Step(label: label(operation, "Swift", in: pass ?? self.pass), work: .native(body))
  }

  private func label(
    _ operation: String, _ kernel: String, in pass: ProgramStep.Pass
  ) -> ProgramStep {
    let node = current.map { graph.nodes[$0] }
    // A step with another name, such as a reorder, only prepares the node's own.
    let isOwn = node.map { operation.lowercased().hasSuffix($0.operation.name.lowercased()) }
    let work = isOwn == true ? node.map(graph.floatingPointOperations) ?? 0 : 0
    return ProgramStep(
      pass: pass, operation: operation, layer: node?.layer ?? "", output: node?.types.first,
      kernel: kernel, floatingPointOperations: imageCount * work)
  }

  /// Appends own code that reads and writes `tensors`.
  mutating func appendNative(
    _ name: String, _ tensors: [Tensor], _ body: @escaping (OneDNNProgram) -> Void
  ) {
    append(nativeStep(name, body), tensors)
  }

  mutating func append(_ step: Step, _ used: [Tensor]) {
    for tensor in used {
      guard case .block(let index) = tensor.place else { continue }
      blocks[index].last = max(blocks[index].last, stepCount)
    }
    if pass == .backward { backward.append(step) } else { forward.append(step) }
  }

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
    return try packedOnce(key, wanted) { lowering, copy throws(ExecutorError) in
      try lowering.reorderStep(source, copy, in: .packing)
    }
  }

  /// A parameter in another form, made by a step that runs after each update.
  ///
  /// - Parameter key: what it is made of; the same key and layout give the same copy.
  mutating func packedOnce(
    _ key: Value, _ wanted: Descriptor,
    _ step: (inout Lowering, Tensor) throws(ExecutorError) -> Step
  ) throws(ExecutorError) -> Tensor {
    if let existing = packed[key.node]?.first(where: { $0.descriptor.isSame(as: wanted) }) {
      return existing
    }
    let copy = block(wanted)
    keepForever(copy)
    packing.append(try step(&self, copy))
    packed[key.node, default: []].append(copy)
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
    _ source: Tensor, _ target: Tensor, in pass: ProgramStep.Pass? = nil
  ) throws(ExecutorError) -> Step {
    let kernel = try Kernel("dnnl_reorder_primitive_desc_create") {
      dnnl_reorder_primitive_desc_create(
        &$0, source.descriptor.handle, engine.handle, target.descriptor.handle, engine.handle,
        attributes.handle)
    }
    return try step("reorder", kernel, [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)], in: pass)
  }

  mutating func keepForever(_ tensor: Tensor) {
    guard case .block(let index) = tensor.place else { return }
    blocks[index].first = 0
    blocks[index].last = .max
  }
}
