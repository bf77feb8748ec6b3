import CDNNL
import Executors
import NetworkGraph

/// Where a tensor's numbers lie while a program runs.
enum Place: Hashable {
  /// In a block of the arena; blocks are placed when all are known.
  case block(Int)
  case input(String)
  /// At an offset in the flat buffer of parameters, running statistics or the gradient.
  case parameters(Int)
  case statistics(Int)
  case gradient(Int)
}

/// A value of the graph as oneDNN sees it.
struct Tensor {
  let descriptor: Descriptor
  let place: Place
}

/// One thing that a program does.
struct Step {
  enum Work {
    case primitive(Primitive, [(argument: Int32, Tensor)])
    /// Own code, for what is too small to matter.
    case native((OneDNNProgram) -> Void)
  }

  let name: String
  let work: Work

  static func native(_ name: String, _ body: @escaping (OneDNNProgram) -> Void) -> Step {
    Step(name: name, work: .native(body))
  }
}

/// Turns a graph into steps: which primitives, in which layouts, on which memory.
///
/// A value's layout follows from its shape alone (``Layout``). Weights are packed into the layout
/// that each kernel asks for, once per update. What is done per operation stands in the
/// extensions, one file for each family.
struct Lowering {
  let graph: Graph
  let imageCount: Int
  let context: Context
  let attributes: Attributes
  let readers: [Value: [Int]]
  /// The parameter, by the value that is its gradient.
  let gradientOf: [Value: Int]

  var tensors: [Value: Tensor] = [:]
  /// What the caller may read after the forward pass, row-major.
  private(set) var outputs: [String: Tensor] = [:]
  /// Kernels of the forward pass, by node: the backward ones are made with them as a hint.
  var forwardKernels: [Int: Kernel] = [:]
  /// Workspaces of fused batch norms, by node.
  var workspaces: [Int: Tensor] = [:]
  /// Nodes whose work another node's primitive does.
  var fused: Set<Int> = []
  private var packed: [Int: [Tensor]] = [:]

  private(set) var packing: [Step] = []
  private(set) var forward: [Step] = []
  private(set) var backward: [Step] = []
  private(set) var blocks: [(bytes: Int, first: Int, last: Int)] = []
  private(set) var scratchpadBytes = 0
  private var inBackward = false

  init(_ graph: Graph, imageCount: Int, _ context: Context) throws(ExecutorError) {
    self.graph = graph
    self.imageCount = imageCount
    self.context = context
    attributes = try Attributes()
    readers = graph.readers
    var gradientOf: [Value: Int] = [:]
    for (parameter, value) in graph.gradients.enumerated() { gradientOf[value] = parameter }
    self.gradientOf = gradientOf
    for index in 0..<graph.forwardCount { try lower(graph.nodes[index], at: index) }
    try deliverOutputs()
    inBackward = true
    for index in graph.forwardCount..<graph.nodes.count {
      try lower(graph.nodes[index], at: index)
    }
    try deliverGradients()
  }

  private mutating func lower(_ node: Node, at index: Int) throws(ExecutorError) {
    if fused.contains(index) { return }
    switch node.operation {
    case .input(let name, let type): try lowerInput(name, type, at: index)
    case .labels: break
    case .parameter(let parameter, let type):
      tensors[Value(node: index)] = Tensor(
        descriptor: try plainDescriptor(type),
        place: .parameters(graph.parameters[parameter].offset))
    case .statistic(let statistic, let type):
      tensors[Value(node: index)] = Tensor(
        descriptor: try plainDescriptor(type),
        place: .statistics(graph.statistics[statistic].offset))
    case .meanWeight: try lowerMeanWeight(node, at: index)
    case .convolution(let window): try lowerConvolution(node, at: index, window)
    case .convolutionInputGradient(let window, let input):
      try lowerConvolutionInputGradient(node, at: index, window, input)
    case .convolutionWeightGradient(let window, let bias):
      try lowerConvolutionWeightGradient(node, at: index, window, bias: bias)
    case .batchNorm(let epsilon): try lowerBatchNorm(node, at: index, epsilon)
    case .normalize(let epsilon): try lowerNormalize(node, at: index, epsilon)
    case .batchNormGradient(let epsilon): try lowerBatchNormGradient(node, at: index, epsilon)
    case .relu: try lowerReLU(node, at: index)
    case .reluGradient: try lowerReLUGradient(node, at: index)
    case .add: try lowerAdd(node, at: index)
    case .maximumPool(let window), .averagePool(let window):
      try lowerPool(node, at: index, window)
    case .maximumPoolGradient(let window, let input), .averagePoolGradient(let window, let input):
      try lowerPoolGradient(node, at: index, window, input)
    case .flatten, .flattenGradient: try lowerReshape(node, at: index)
    case .dense: try lowerDense(node, at: index)
    case .denseInputGradient: try lowerDenseInputGradient(node, at: index)
    case .denseWeightGradient: try lowerDenseWeightGradient(node, at: index)
    case .softmaxCrossEntropy: try lowerSoftmaxCrossEntropy(node, at: index)
    case .softmaxCrossEntropyGradient: try lowerSoftmaxCrossEntropyGradient(node, at: index)
    }
  }
}

extension Lowering {
  /// Images come row-major; where the rule wants their channels blocked they are reordered.
  private mutating func lowerInput(
    _ name: String, _ type: TensorType, at index: Int
  ) throws(ExecutorError) {
    let fed = Tensor(descriptor: try plainDescriptor(type), place: .input(name))
    tensors[Value(node: index)] = fed
    if Layout.isPlain(type) { return }
    try reorder(fed, try make(Value(node: index)))
  }
}

// What the extensions build with.
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
  private var stepCount: Int { forward.count + backward.count }

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

  private mutating func append(_ step: Step, _ used: [Tensor]) {
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

  private mutating func reorderStep(
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

  /// Brings the gradients that are not there yet to their place in the caller's buffer.
  private mutating func deliverGradients() throws(ExecutorError) {
    for (parameter, value) in zip(graph.parameters, graph.gradients) {
      let source = tensor(value)
      let place = Place.gradient(parameter.offset)
      if source.place == place { continue }
      let plain = try plainDescriptor(graph.type(of: value))
      try reorder(source, Tensor(descriptor: plain, place: place))
    }
  }

  /// Keeps what the caller may read until the end of the program, row-major.
  private mutating func deliverOutputs() throws(ExecutorError) {
    for (name, value) in graph.outputs.sorted(by: { $0.key < $1.key }) {
      let plain = try plainDescriptor(graph.type(of: value))
      var result = tensor(value)
      if !result.descriptor.isSame(as: plain) {
        let copy = block(plain)
        try reorder(result, copy)
        result = copy
      }
      keepForever(result)
      outputs[name] = result
    }
    for source in graph.statisticSources { keepForever(tensor(source.value)) }
  }

  private mutating func keepForever(_ tensor: Tensor) {
    guard case .block(let index) = tensor.place else { return }
    blocks[index].first = 0
    blocks[index].last = .max
  }
}
