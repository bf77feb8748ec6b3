import Executors
import NetworkGraph

// What a program leaves where its caller looks for it.
extension Lowering {
  /// Brings gradients that a node computes to their place in the caller's buffer, where they are not
  /// there yet: at once, while they are in the caches and before others need the memory.
  mutating func deliverGradients(of node: Int) throws(ExecutorError) {
    for output in graph.nodes[node].types.indices {
      let value = Value(node: node, output: output)
      for parameter in parametersOf[value] ?? [] {
        let place = Place.gradient(graph.parameters[parameter].offset)
        let source = tensor(value)
        if source.place == place { continue }
        let plain = try plainDescriptor(graph.type(of: value))
        try reorder(source, Tensor(descriptor: plain, place: place))
      }
    }
  }

  /// Keeps what the caller may read until the end of the program, row-major.
  mutating func deliverOutputs() throws(ExecutorError) {
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
}
