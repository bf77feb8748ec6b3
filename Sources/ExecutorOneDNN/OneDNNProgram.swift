import CDNNL
import Executors
import NetworkGraph

/// A graph lowered for one number of images: primitives made once, executed in order.
final class OneDNNProgram: Program {
  let graph: Graph
  let imageCount: Int
  let memoryBytes: Int
  private(set) var labels: [Int] = []

  private let executor: OneDNNExecutor
  private let tensors: [Value: Tensor]
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
    tensors = lowering.tensors
    let end = lowering.forward.count + lowering.backward.count
    let blocks = lowering.blocks.map {
      MemoryPlan.Block(bytes: $0.bytes, life: $0.first...max($0.first, min($0.last, end)))
    }
    let scratchpad = MemoryPlan.Block(bytes: lowering.scratchpadBytes, life: 0...end)
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
      self.feed = feed
      self.weights = weights
      labels = feed.labels.map { labels in (0..<imageCount).map { Int(labels[$0]) } } ?? []
      try placeMemories()
      if packedVersion != weights.version {
        try run(packing)
        packedVersion = weights.version
      }
      try run(forward)
    }
  }

  func backward(into gradient: UnsafeMutablePointer<Float>) throws(ExecutorError) {
    try executor.onThread { () throws(ExecutorError) in
      let owner = executor.context.arena.owner
      precondition(owner == ObjectIdentifier(self), "another program ran since the forward pass")
      self.gradient = gradient
      try placeMemories()
      try run(backward)
    }
  }

  func output(_ name: String) -> [Float] {
    guard let value = graph.outputs[name], let tensor = tensors[value] else { return [] }
    return executor.onThread { readPlain(tensor, graph.type(of: value)) }
  }

  func batchStatistics() -> [Float] {
    var flat = Array(repeating: Float(0), count: graph.statisticCount)
    executor.onThread {
      for source in graph.statisticSources {
        guard let tensor = tensors[source.value] else { continue }
        let statistic = graph.statistics[source.statistic]
        let n = Float(imageCount * source.valuesPerImage)
        let factor = statistic.kind == .variance ? n / (n - 1) : 1
        flat.replaceSubrange(statistic.range, with: read(tensor).map { factor * $0 })
      }
    }
    return flat
  }

  private func run(_ steps: [ReadyStep]) throws(ExecutorError) {
    for step in steps {
      switch step {
      case .native(let body): body(self)
      case .primitive(let primitive, let name, let arguments):
        try check(
          name,
          dnnl_primitive_execute(
            primitive.handle, executor.context.stream.handle, Int32(arguments.count), arguments))
      }
    }
    try check("dnnl_stream_wait", dnnl_stream_wait(executor.context.stream.handle))
  }
}

// Memory: where everything lies in this run.
extension OneDNNProgram {
  /// Tells oneDNN where the tensors lie, as far as that has changed.
  private func placeMemories() throws(ExecutorError) {
    let arena = executor.context.arena
    try arena.reserve(memoryBytes, imageCount: imageCount)
    if arena.owner != ObjectIdentifier(self) {
      // Another program worked here: the packed weights are gone.
      packedVersion = nil
      arena.owner = ObjectIdentifier(self)
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

  /// The numbers of a tensor as they lie in memory.
  func read(_ tensor: Tensor) -> [Float] {
    let count = tensor.descriptor.bytes / MemoryLayout<Float>.stride
    guard let pointer = pointer(to: tensor.place) else { return [] }
    return Array(
      UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Float.self), count: count))
  }

  func write(_ numbers: [Float], to tensor: Tensor) {
    guard let pointer = pointer(to: tensor.place) else { return }
    let target = pointer.assumingMemoryBound(to: Float.self)
    for (index, number) in numbers.enumerated() { target[index] = number }
  }

  /// The numbers of a tensor in row-major order.
  private func readPlain(_ tensor: Tensor, _ type: TensorType) -> [Float] {
    guard !Layout.isPlain(type) else { return read(tensor) }
    let sizes = type.dimensions(images: imageCount)
    let block = Layout.blockedChannels(type)
    let numbers = read(tensor)
    let plane = sizes[2] * sizes[3]
    return (0..<numbers.count).map { index in
      let (row, pixel) = (index / plane, index % plane)
      let (image, channel) = (row / sizes[1], row % sizes[1])
      let outer = image * sizes[1] / block + channel / block
      return numbers[(outer * plane + pixel) * block + channel % block]
    }
  }
}
