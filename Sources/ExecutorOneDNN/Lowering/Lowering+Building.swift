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
