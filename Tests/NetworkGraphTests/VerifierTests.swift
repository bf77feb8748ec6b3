import NetworkGraph
import Testing

@Suite("The verifier")
struct VerifierTests {
  private let type = TensorType.perImage(2, 3, 3)

  @Test("accepts what the builder finishes")
  func accepts() throws {
    var builder = GraphBuilder(mode: .training)
    let x = try builder.input("x", type)
    builder.output("y", try builder.append(.relu, x)[0])
    try builder.finish().verify()
  }

  @Test("refuses a node that reads a value made later")
  func order() {
    let relu = Node(operation: .relu, inputs: [Value(node: 1)], types: [type], layer: "l")
    let input = Node(operation: .input("x", type), inputs: [], types: [type], layer: "")
    expectFault([relu, input], "malformed graph in l: node 0 reads %1, made later")
  }

  @Test("refuses a type that does not follow from the inputs")
  func types() {
    let input = Node(operation: .input("x", type), inputs: [], types: [type], layer: "")
    let wrong = Node(
      operation: .relu, inputs: [Value(node: 0)], types: [.perImage(9)], layer: "l")
    expectFault(
      [input, wrong], "malformed graph in l: node 1 says [[N, 9]] and computes [[N, 2, 3, 3]]")
  }

  @Test("refuses parameters that overlap, leave holes or share a name")
  func layout() {
    let first = Parameter(name: "a", dimensions: [4], initial: .constant(0), offset: 0)
    let hole = Parameter(name: "b", dimensions: [4], initial: .constant(0), offset: 5)
    let twin = Parameter(name: "a", dimensions: [4], initial: .constant(0), offset: 4)
    for second in [hole, twin] {
      expectFault(
        [], parameters: [first, second],
        "malformed graph: \(second.name) overlaps another, leaves a hole, or is there twice")
    }
  }

  @Test("refuses parameters and statistics that do not exist or have another shape")
  func sources() {
    let shared = TensorType.shared(4)
    let parameter = Node(
      operation: .parameter(index: 2, shared), inputs: [], types: [shared], layer: "l")
    expectFault([parameter], "malformed graph in l: node 0 reads parameter 2, which is not [4]")
    let statistic = Node(
      operation: .statistic(index: 0, shared), inputs: [], types: [shared], layer: "l")
    expectFault([statistic], "malformed graph in l: node 0 reads statistic 0, which is not [4]")
  }

  @Test("refuses a gradient of another shape than its parameter, and results that do not exist")
  func results() {
    let input = Node(operation: .input("x", type), inputs: [], types: [type], layer: "")
    let parameter = Parameter(name: "a", dimensions: [4], initial: .constant(0), offset: 0)
    expectFault(
      [input], parameters: [parameter], gradients: [Value(node: 0)],
      "malformed graph: the gradient of a is [N, 2, 3, 3]")
    expectFault(
      [input], gradients: [Value(node: 3)],
      "malformed graph: a result is %3, which does not exist")
  }

  @Test("refuses one value per channel in a batch norm, and no images at all")
  func imageCount() throws {
    var builder = GraphBuilder(mode: .training)
    let x = try builder.input("x", .perImage(2, 1, 1))
    let scale = try builder.parameter("weight", [2], .constant(1))
    let shift = try builder.parameter("bias", [2], .constant(0))
    let outputs = try builder.append(.batchNorm(epsilon: 1e-5), x, scale, shift)
    let mean = builder.statistic("running_mean", .mean, channels: 2, momentum: 0.1)
    builder.update(statistic: mean, from: outputs[1], valuesPerImage: 1)
    let graph = try builder.finish()
    try graph.verify(imageCount: 2)
    #expect(throws: GraphError.self) { try graph.verify(imageCount: 1) }
    #expect(throws: GraphError.self) { try graph.verify(imageCount: 0) }
  }

  private func expectFault(
    _ nodes: [Node], parameters: [Parameter] = [], gradients: [Value] = [], _ message: String
  ) {
    let graph = Graph(
      nodes: nodes, forwardCount: nodes.count, parameters: parameters, statistics: [],
      outputs: [:], gradients: gradients, statisticSources: [])
    let error = #expect(throws: GraphError.self) { try graph.verify() }
    #expect(error?.description.split(separator: "\n").first.map(String.init) == message)
  }
}
