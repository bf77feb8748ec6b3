import CDNNL
import Executors
import NetworkGraph

/// A graph lowered for one number of images: primitives made once, executed in order.
final class OneDNNProgram: ProfiledProgram {
  let graph: Graph
  let imageCount: Int
  let memoryBytes: Int
  let steps: [ProgramStep]
  private(set) var stepSeconds: [Double] = []
  private(set) var labels: [Int] = []

  private let executor: OneDNNExecutor
  /// Never given to another program, unlike an address.
  private let identity: Int
  private let inputNames: [String]
  private let readsLabels: Bool
  private let outputs: [String: Tensor]
  /// The tensors of the graph's statistic sources, in their order.
  private let statistics: [Tensor]
  private let packing, forward, backward: [ReadyStep]
  private let memories: MemoryTable
  private let offsets: [Int]

  private var weights: Weights<Float>?
  private var packedVersion: Int?
  private var feed = Feed<Float>(inputs: [:])
  private var gradient: UnsafeMutablePointer<Float>?

  init(_ lowering: Lowering, executor: OneDNNExecutor) throws(ExecutorError) {
    graph = lowering.graph
    imageCount = lowering.imageCount
    self.executor = executor
    identity = executor.context.takeIdentity()
    inputNames = Array(lowering.graph.inputs.keys)
    readsLabels = lowering.graph.nodes.contains { $0.operation == .labels }
    outputs = lowering.outputs
    statistics = lowering.graph.statisticSources.map { lowering.tensor($0.value) }
    steps = (lowering.packing + lowering.forward + lowering.backward).map(\.label)
    let end = lowering.forward.count + lowering.backward.count
    let blocks = lowering.blocks.map {
      MemoryPlan.Block(bytes: $0.bytes, life: $0.first...max($0.first, min($0.last, end)))
    }
    let scratchpad = MemoryPlan.Block(
      bytes: lowering.scratchpadBytes, life: Lowering.packingTime...end)
    let plan = MemoryPlan(blocks + [scratchpad])
    offsets = plan.offsets
    memoryBytes = plan.bytes
    let memories = MemoryTable(executor.context.engine, scratchpadBlock: blocks.count)
    packing = try memories.ready(lowering.packing)
    forward = try memories.ready(lowering.forward)
    backward = try memories.ready(lowering.backward)
    self.memories = memories
  }

  func forward(_ feed: Feed<Float>, weights: Weights<Float>) throws(ExecutorError) {
    try executor.onThread { () throws(ExecutorError) in
      checkFeed(feed)
      if self.weights !== weights { packedVersion = nil }
      self.feed = feed
      self.weights = weights
      labels = feed.labels.map { labels in (0..<imageCount).map { Int(labels[$0]) } } ?? []
      try placeMemories()
      if packedVersion != weights.version {
        try run(packing, first: 0)
        packedVersion = weights.version
      }
      try run(forward, first: packing.count)
    }
  }

  func backward(into gradient: UnsafeMutablePointer<Float>) throws(ExecutorError) {
    try executor.onThread { () throws(ExecutorError) in
      checkOwner()
      self.gradient = gradient
      try placeMemories()
      try run(backward, first: packing.count + forward.count)
    }
  }

  func output(_ name: String) -> [Float] {
    guard let tensor = outputs[name] else { preconditionFailure("no output '\(name)'") }
    return executor.onThread {
      checkOwner()
      return read(tensor)
    }
  }

  func batchStatistics() -> [Float] {
    var flat = Array(repeating: Float(0), count: graph.statisticCount)
    executor.onThread {
      checkOwner()
      for (source, tensor) in zip(graph.statisticSources, statistics) {
        let statistic = graph.statistics[source.statistic]
        let n = Float(imageCount * source.valuesPerImage)
        let factor = statistic.kind == .variance ? n / (n - 1) : 1
        flat.replaceSubrange(statistic.range, with: read(tensor).map { factor * $0 })
      }
    }
    return flat
  }

  private func checkFeed(_ feed: Feed<Float>) {
    for name in inputNames {
      precondition(feed.inputs[name] != nil, "no input '\(name)' is fed")
    }
    precondition(feed.labels != nil || !readsLabels, "no labels are fed")
  }

  private func checkOwner() {
    let owner = executor.context.arena.owner
    precondition(owner == identity, "another program ran since this one's forward pass")
  }

  func startProfile() { stepSeconds = Array(repeating: 0, count: steps.count) }

  func kernelSeconds() throws(ExecutorError) -> KernelSeconds {
    try executor.onThread { () throws(ExecutorError) in
      checkOwner()
      // Own code of packing runs too, off the clock: kernels read what it writes.
      var packing = 0.0
      for step in self.packing {
        let seconds = try seconds { () throws(ExecutorError) in try run(step) }
        if case .primitive = step { packing += seconds }
      }
      let passes = zip(forward + backward, steps.dropFirst(self.packing.count)).filter {
        step, label in
        // Without the loss's own code, gradients would be made of whatever lies in its memory; and
        // transforms and padding are as much of a convolution as its products are.
        if case .native = step {
          return label.operation.hasPrefix("softmax")
            || [Winograd.filterTransform, PaddedImage.step].contains(label.operation)
        }
        return true
      }
      return KernelSeconds(
        packing: packing,
        passes: try seconds { () throws(ExecutorError) in
          for (step, _) in passes { try run(step) }
        })
    }
  }

  private func seconds(_ body: () throws(ExecutorError) -> Void) throws(ExecutorError) -> Double {
    let start = ContinuousClock.now
    try body()
    try check("dnnl_stream_wait", dnnl_stream_wait(executor.context.stream.handle))
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// - Parameter first: the index in ``steps`` of the first step of `pass`.
  private func run(_ pass: [ReadyStep], first: Int) throws(ExecutorError) {
    for (index, step) in pass.enumerated() {
      try feed.stop?.check()
      let start = stepSeconds.isEmpty ? nil : ContinuousClock.now
      try run(step)
      if let start { stepSeconds[first + index] += (ContinuousClock.now - start) / .seconds(1) }
    }
    try check("dnnl_stream_wait", dnnl_stream_wait(executor.context.stream.handle))
  }

  private func run(_ step: ReadyStep) throws(ExecutorError) {
    switch step {
    case .native(let body): body(self)
    case .primitive(let primitive, let name, let arguments):
      try execute(primitive, name, arguments)
    case .pieces(let pieces, let primitive, let name, let arguments):
      for piece in 0..<pieces.count {
        pieces.prepare(self, piece)
        try execute(primitive, name, arguments)
        pieces.finish(self, piece)
      }
    }
  }

  private func execute(
    _ primitive: Primitive, _ name: String, _ arguments: [dnnl_exec_arg_t]
  ) throws(ExecutorError) {
    try check(
      name,
      dnnl_primitive_execute(
        primitive.handle, executor.context.stream.handle, Int32(arguments.count), arguments))
  }
}

// Memory: where everything lies in this run.
extension OneDNNProgram {
  /// Tells oneDNN where the tensors lie, as far as that has changed.
  private func placeMemories() throws(ExecutorError) {
    let arena = executor.context.arena
    try arena.reserve(memoryBytes, imageCount: imageCount)
    if arena.owner != identity {
      // Another program worked here: the packed weights are gone.
      packedVersion = nil
      arena.owner = identity
    }
    try memories.place { pointer(to: $0) }
  }

  private func pointer(to place: Place) -> UnsafeMutableRawPointer? {
    switch place {
    case .block(let index): executor.context.arena.base.map { $0 + offsets[index] }
    case .input(let name): feed.inputs[name].map { UnsafeMutableRawPointer(mutating: $0) }
    case .parameters(let offset): raw(weights?.parameters.pointer, offset)
    case .statistics(let offset): raw(weights?.statistics.pointer, offset)
    case .gradient(let offset): raw(gradient, offset)
    }
  }

  private func raw(
    _ start: UnsafeMutablePointer<Float>?, _ offset: Int
  ) -> UnsafeMutableRawPointer? {
    start.map { UnsafeMutableRawPointer($0 + offset) }
  }

  /// The memory of a tensor, for own code.
  func memory(_ tensor: Tensor) -> UnsafeMutableRawPointer {
    guard let pointer = pointer(to: tensor.place) else {
      preconditionFailure("a tensor without memory")
    }
    return pointer
  }

  /// The memory of a tensor of f32.
  func floats(_ tensor: Tensor) -> UnsafeMutablePointer<Float> {
    memory(tensor).assumingMemoryBound(to: Float.self)
  }

  /// The same, four numbers at a time.
  func vectors(_ tensor: Tensor) -> UnsafeMutablePointer<Vector> {
    memory(tensor).assumingMemoryBound(to: Vector.self)
  }

  private func halves(_ tensor: Tensor) -> UnsafeMutablePointer<UInt16> {
    memory(tensor).assumingMemoryBound(to: UInt16.self)
  }

  /// The numbers of a tensor as they lie in memory.
  func read(_ tensor: Tensor) -> [Float] {
    let bytes = tensor.descriptor.bytes
    switch tensor.descriptor.element {
    case .bf16:
      let count = bytes / Element.bf16.bytes
      return UnsafeBufferPointer(start: halves(tensor), count: count).map { Float(bf16: $0) }
    default:
      return Array(UnsafeBufferPointer(start: floats(tensor), count: bytes / Element.f32.bytes))
    }
  }

  func write(_ numbers: [Float], to tensor: Tensor) {
    switch tensor.descriptor.element {
    case .bf16:
      let target = halves(tensor)
      for (index, number) in numbers.enumerated() { target[index] = number.bf16 }
    default:
      let target = floats(tensor)
      for (index, number) in numbers.enumerated() { target[index] = number }
    }
  }
}
