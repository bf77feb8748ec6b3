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
    /// A kernel between own code, piece after piece, so that what they hand each other stays in the
    /// caches.
    case pieces(Pieces, Primitive, [(argument: Int32, Tensor)])
    /// Own code alone.
    case native((OneDNNProgram) -> Void)
  }

  let label: ProgramStep
  let work: Work
}

/// Own code around a kernel that is executed several times.
struct Pieces {
  /// Of the algorithm.
  let name: String
  let count: Int
  /// Before the kernel, with the piece's number, and after it.
  let prepare, finish: (OneDNNProgram, Int) -> Void
}

/// Turns a graph into steps: which primitives, in which layouts, on which memory.
///
/// A value's layout follows from its shape alone (``Layout``). Weights are packed into the layout
/// that each kernel asks for, once per update or in each pass. What is done per operation stands in
/// the extensions, one file for each family.
struct Lowering {
  let graph: Graph
  let imageCount: Int
  /// Images for which the sizes of tiles are chosen.
  let imagesOfTiles: Int
  let precision: Precision
  let context: Context
  let attributes: Attributes
  /// For kernels that end in a ReLU, add to what is there, or both.
  let reluAttributes, sumAttributes, sumReLUAttributes: Attributes
  let readers: [Value: [Int]]
  /// The parameters whose gradient a value is: several where they are added up.
  let parametersOf: [Value: [Int]]

  var tensors: [Value: Tensor] = [:]
  /// What the caller may read after the forward pass, row-major.
  var outputs: [String: Tensor] = [:]
  /// Batch norms of the forward pass, by node: the backward ones are made with them as a hint.
  var batchNormKernels: [Int: Kernel] = [:]
  /// Of convolutions whose output the backward pass makes once more.
  var recipes: [Value: ConvolutionRecipe] = [:]
  /// Workspaces of fused batch norms, by node.
  var workspaces: [Int: Tensor] = [:]
  /// Nodes whose work another node's primitive does.
  var fused: Set<Int> = []
  var packed: [Int: [Tensor]] = [:]

  var packing: [Step] = []
  var forward: [Step] = []
  var backward: [Step] = []
  var blocks: [(bytes: Int, first: Int, last: Int)] = []
  var scratchpadBytes = 0
  var pass = ProgramStep.Pass.forward
  /// The node that is being lowered, nil where outputs are delivered.
  var current: Int?

  init(
    _ graph: Graph, imageCount: Int, imagesOfTiles: Int?, precision: Precision,
    _ context: Context
  ) throws(ExecutorError) {
    self.graph = graph
    self.imageCount = imageCount
    self.imagesOfTiles = imagesOfTiles ?? imageCount
    self.precision = precision
    self.context = context
    attributes = try Attributes()
    reluAttributes = try Attributes(sum: false, relu: true)
    sumAttributes = try Attributes(sum: true, relu: false)
    sumReLUAttributes = try Attributes(sum: true, relu: true)
    readers = graph.readers
    parametersOf = Dictionary(grouping: graph.gradients.indices) { graph.gradients[$0] }
    try placeWeights()
    for index in 0..<graph.forwardCount { try lower(graph.nodes[index], at: index) }
    current = nil
    try deliverOutputs()
    pass = .backward
    for index in graph.forwardCount..<graph.nodes.count {
      try lower(graph.nodes[index], at: index)
      try deliverGradients(of: index)
    }
  }

  private mutating func lower(_ node: Node, at index: Int) throws(ExecutorError) {
    if fused.contains(index) { return }
    current = index
    switch node.operation {
    case .input(let name, let type): try lowerInput(name, type, at: index)
    case .labels: break
    case .parameter, .statistic: break  // They lie in the caller's buffers.
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
  /// All of them before the first kernel, which may do the work of a later node with weights of its
  /// own.
  private mutating func placeWeights() throws(ExecutorError) {
    for (index, node) in graph.nodes.enumerated() {
      let place: Place
      switch node.operation {
      case .parameter(let parameter, _): place = .parameters(graph.parameters[parameter].offset)
      case .statistic(let statistic, _): place = .statistics(graph.statistics[statistic].offset)
      default: continue
      }
      tensors[Value(node: index)] = Tensor(
        descriptor: try plainDescriptor(node.types[0]), place: place)
    }
  }

  /// Images come row-major and in f32; where the rules want them otherwise they are reordered.
  private mutating func lowerInput(
    _ name: String, _ type: TensorType, at index: Int
  ) throws(ExecutorError) {
    let fed = Tensor(descriptor: try plainDescriptor(type), place: .input(name))
    tensors[Value(node: index)] = fed
    if Layout.isPlain(type, compact), compact == .f32 { return }
    try reorder(fed, try make(Value(node: index)))
  }
}
