import CDNNL
import Executors
import NetworkGraph

// Where results lie: in new blocks of the arena, over inputs, or in the caller's buffers.
extension Lowering {
  /// Makes room for an output of a node, in the layout of its shape.
  @discardableResult
  mutating func make(
    _ value: Value, _ descriptor: Descriptor? = nil
  ) throws(ExecutorError) -> Tensor {
    let rule = try self.descriptor(of: value)
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
    let wanted = try descriptor(of: value)
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

  mutating func keepForever(_ tensor: Tensor) {
    guard case .block(let index) = tensor.place else { return }
    blocks[index].first = Self.packingTime
    blocks[index].last = .max
  }

  /// Where a kernel writes the gradient of a parameter: straight into the caller's buffer if its
  /// layout allows it, else into the arena, from where it is reordered.
  mutating func makeGradient(
    _ value: Value, _ wanted: Descriptor
  ) throws(ExecutorError) -> Tensor {
    let plain = try plainDescriptor(graph.type(of: value))
    guard let parameter = parametersOf[value]?.first, wanted.isSame(as: plain) else {
      return try make(value, wanted)
    }
    let tensor = Tensor(
      descriptor: plain, place: .gradient(graph.parameters[parameter].offset))
    tensors[value] = tensor
    return tensor
  }
}
