import Executors
import NetworkGraph

// N·K numbers beside millions: plain Swift, shared with the reference executor.
extension Lowering {
  mutating func lowerMeanWeight(_ node: Node, at index: Int) throws(ExecutorError) {
    let weight = try make(Value(node: index))
    let count = imageCount
    appendNative("meanWeight", [weight]) { program in
      program.write(Array(repeating: 1 / Float(count), count: count), to: weight)
    }
  }

  mutating func lowerSoftmaxCrossEntropy(_ node: Node, at index: Int) throws(ExecutorError) {
    let logits = tensor(node.inputs[0])
    let losses = try make(Value(node: index))
    let probabilities = try make(Value(node: index, output: 1))
    appendNative("softmaxCrossEntropy", [logits, losses, probabilities]) { program in
      let outputs = softmaxCrossEntropy(program.read(logits), program.labels)
      program.write(outputs.losses, to: losses)
      program.write(outputs.probabilities, to: probabilities)
    }
  }

  mutating func lowerSoftmaxCrossEntropyGradient(
    _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let (probabilities, weight) = (tensor(node.inputs[0]), tensor(node.inputs[2]))
    let dlogits = try make(Value(node: index))
    appendNative("softmaxCrossEntropyGradient", [probabilities, weight, dlogits]) { program in
      let gradient = softmaxCrossEntropyGradient(
        program.read(probabilities), program.labels, weight: program.read(weight))
      program.write(gradient, to: dlogits)
    }
  }
}
