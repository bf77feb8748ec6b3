import Executors
import NetworkGraph

/// What a test feeds to a graph: inputs, parameters and statistics by formula, labels in a circle.
package struct SampleFeed {
  package var inputs: [String: [Double]] = [:]
  package var parameters: [Double] = []
  package var statistics: [Double] = []
  package var labels: [Int32] = []

  package init(for graph: Graph, imageCount: Int) {
    for (index, (name, value)) in graph.inputs.sorted(by: { $0.key < $1.key }).enumerated() {
      let count = graph.type(of: value).elementCount(images: imageCount)
      inputs[name] = formulaTensor(1000 + index, count: count)
    }
    for (index, parameter) in graph.parameters.enumerated() {
      parameters += formulaTensor(index, count: parameter.elementCount)
    }
    for (index, statistic) in graph.statistics.enumerated() {
      let numbers = formulaTensor(500 + index, count: statistic.channels, scale: 0.5)
      statistics += statistic.kind == .variance ? numbers.map { 1 + $0 } : numbers
    }
    let classes = graph.outputs["logits"].map { graph.type(of: $0).dimensions[0] } ?? 1
    labels = (0..<imageCount).map { Int32((3 * $0 + 1) % classes) }
  }
}

/// What a graph came to.
package struct Outcome {
  package var outputs: [String: [Double]] = [:]
  package var gradient: [Double] = []
  package var statistics: [Double] = []
}

/// Compiles and runs a graph forward and, where it has gradients, backward.
package func outcome<Scalar: TensorScalar>(
  of graph: Graph, on executor: any Executor<Scalar>, imageCount: Int, feeding sample: SampleFeed
) throws -> Outcome {
  let program = try executor.compile(graph, imageCount: imageCount)
  let inputs = sample.inputs.mapValues { Buffer($0.map { Scalar($0) }) }
  let labels = Buffer(sample.labels)
  let weights = Weights(
    parameters: sample.parameters.map { Scalar($0) },
    statistics: sample.statistics.map { Scalar($0) })
  let feed = Feed(
    inputs: inputs.mapValues { UnsafePointer($0.pointer) }, labels: UnsafePointer(labels.pointer))
  return try withExtendedLifetime((inputs, labels)) {
    try program.forward(feed, weights: weights)
    var result = Outcome()
    for name in graph.outputs.keys {
      result.outputs[name] = program.output(name).map { Double($0) }
    }
    result.statistics = program.batchStatistics().map { Double($0) }
    guard !graph.gradients.isEmpty else { return result }
    let gradient = Buffer(repeating: Scalar(0), count: graph.parameterCount)
    try program.backward(into: gradient.pointer)
    result.gradient = gradient.elements.map { Double($0) }
    return result
  }
}

/// ‖a − b‖ / ‖b‖; infinite where the lengths differ or a is not finite.
package func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let norm = b.reduce(0) { $0 + $1 * $1 }
  if difference == 0 { return 0 }
  return difference.isFinite ? (difference / norm).squareRoot() : .infinity
}
