import CDNNL
import Executors
import NetworkGraph

// What the lowering of every operation builds with: descriptors and steps.
extension Lowering {
  var engine: Engine { context.engine }

  func dimensions(_ type: TensorType) -> [Int] {
    let sizes = type.dimensions(images: imageCount)
    return sizes.isEmpty ? [1] : sizes
  }

  /// What activations, their gradients and packed weights are made of.
  var compact: Element { precision.element }

  /// What a value is made of, by rule: everything that an image has is compact, except its loss, the
  /// logits and the probabilities.
  func element(of value: Value) -> Element {
    let (type, node) = (graph.type(of: value), graph.nodes[value.node])
    guard type.perImage, !type.dimensions.isEmpty else { return .f32 }
    switch node.operation {
    case .softmaxCrossEntropy: return .f32
    case .dense:
      let readers = (readers[value] ?? []).map { graph.nodes[$0].operation }
      return readers.allSatisfy { $0 == .softmaxCrossEntropy } ? .f32 : compact
    default: return compact
    }
  }

  /// The descriptor that the rules give a value.
  func descriptor(of value: Value) throws(ExecutorError) -> Descriptor {
    let type = graph.type(of: value)
    return try Descriptor(
      dimensions(type), Layout.tag(type, element(of: value)), element(of: value))
  }

  func plainDescriptor(
    _ type: TensorType, _ element: Element = .f32
  ) throws(ExecutorError) -> Descriptor {
    let tags = [dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd]
    let sizes = dimensions(type)
    return try Descriptor(sizes, tags[sizes.count - 1], element)
  }

  /// A descriptor that leaves the layout to the kernel.
  func anyDescriptor(
    _ type: TensorType, _ element: Element
  ) throws(ExecutorError) -> Descriptor {
    try Descriptor(dimensions(type), dnnl_format_tag_any, element)
  }

  func tensor(_ value: Value) -> Tensor {
    guard let tensor = tensors[value] else { preconditionFailure("%\(value.node) is not lowered") }
    return tensor
  }

  /// When weights are packed: before the first step.
  static let packingTime = -1

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
      label: label(
        operation, kernel.implementation, in: pass ?? self.pass,
        bytes: arguments.reduce(0) { $0 + $1.1.descriptor.bytes }),
      work: .primitive(try Primitive(kernel), arguments))
  }

  /// Appends a kernel that is executed for one piece after the other, with own code around it.
  ///
  /// - Parameters:
  ///   - others: what they read and write that does not stay in the caches, and is counted.
  ///   - operations: that the kernel computes in all pieces.
  mutating func append(
    _ operation: String, _ pieces: Pieces, _ kernel: Kernel,
    _ arguments: [(argument: Int32, Tensor)], others: [Tensor], operations: Int
  ) throws(ExecutorError) {
    scratchpadBytes = max(scratchpadBytes, kernel.scratchpadBytes)
    let used = arguments.map(\.1) + others
    let label = label(
      operation, "\(pieces.name) \(kernel.implementation)", in: pass,
      bytes: others.reduce(0) { $0 + $1.descriptor.bytes }, necessary: operations)
    append(Step(label: label, work: .pieces(pieces, try Primitive(kernel), arguments)), used)
  }

  /// A step of own code.
  ///
  /// - Parameter tensors: what it reads and writes.
  func nativeStep(
    _ operation: String, _ tensors: [Tensor], in pass: ProgramStep.Pass? = nil,
    _ body: @escaping (OneDNNProgram) -> Void
  ) -> Step {
    let bytes = tensors.reduce(0) { $0 + $1.descriptor.bytes }
    return Step(
      label: label(operation, "Swift", in: pass ?? self.pass, bytes: bytes), work: .native(body))
  }

  /// - Parameter necessary: operations that the kernel has to compute, where it saves some.
  private func label(
    _ operation: String, _ kernel: String, in pass: ProgramStep.Pass, bytes: Int,
    necessary: Int? = nil
  ) -> ProgramStep {
    let node = current.map { graph.nodes[$0] }
    // A step with another name, such as a reorder, only prepares the node's own.
    let isOwn = node.map { operation.lowercased().hasSuffix($0.operation.name.lowercased()) }
    let working = isOwn == true ? node : nil
    return ProgramStep(
      pass: pass, operation: operation, layer: node?.layer ?? "", output: node?.types.first,
      kernel: kernel,
      floatingPointOperations: imageCount * (working.map(graph.floatingPointOperations) ?? 0),
      necessaryOperations: necessary
        ?? imageCount * (working.map(graph.necessaryOperations) ?? 0),
      bytes: bytes)
  }

  /// Appends own code that reads and writes `tensors`.
  mutating func appendNative(
    _ name: String, _ tensors: [Tensor], _ body: @escaping (OneDNNProgram) -> Void
  ) {
    append(nativeStep(name, tensors, body), tensors)
  }

  mutating func append(_ step: Step, _ used: [Tensor]) {
    for tensor in used {
      guard case .block(let index) = tensor.place else { continue }
      // Packing is done once for many passes.
      let isPacked = blocks[index].first == Self.packingTime
      blocks[index].last = isPacked ? .max : max(blocks[index].last, stepCount)
    }
    if pass == .backward { backward.append(step) } else { forward.append(step) }
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
}
