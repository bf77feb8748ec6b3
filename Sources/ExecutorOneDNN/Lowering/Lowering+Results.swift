import Executors
import NetworkGraph

// What a program leaves where its caller looks for it.
extension Lowering {
  /// Brings the gradients that are not there yet to their place in the caller's buffer.
  mutating func deliverGradients() throws(ExecutorError) {
    for (parameter, value) in zip(graph.parameters, graph.gradients) {
      let source = tensor(value)
      let place = Place.gradient(parameter.offset)
      if source.place == place { continue }
      let plain = try plainDescriptor(graph.type(of: value))
      try reorder(source, Tensor(descriptor: plain, place: place))
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
