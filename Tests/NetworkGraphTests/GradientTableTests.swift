import NetworkGraph
import Testing

@Suite("The gradient table")
struct GradientTableTests {
  @Test("prints a graph with its gradient, and gives the images none")
  func printed() throws {
    var builder = GraphBuilder(mode: .training)
    let x = try builder.input("images", .perImage(1, 4, 4))
    let y = try builder.within("conv") { (builder: inout GraphBuilder) throws(GraphError) in
      let w = try builder.parameter("weight", [2, 1, 4, 4], .constant(0))
      return try builder.append(.convolution(Window(size: 4)), x, w)[0]
    }
    let logits = try builder.append(.flatten, try builder.append(.relu, y)[0])[0]
    let labels = try builder.append(.labels)[0]
    let losses = try builder.append(.softmaxCrossEntropy, logits, labels)[0]
    builder.output("losses", losses)
    let graph = try builder.finish(minimizing: losses)
    #expect(
      graph.description == """
        %0 = input images  [N, 1, 4, 4]
        %1 = parameter conv.weight  [2, 1, 4, 4]  conv
        %2 = convolution 4×4 (%0, %1)  [N, 2, 1, 1]  conv
        %3 = relu (%2)  [N, 2, 1, 1]
        %4 = flatten (%3)  [N, 2]
        %5 = labels  [N]
        %6 = softmaxCrossEntropy (%4, %5)  [N] [N, 2]
        backward:
        %7 = meanWeight  [N]
        %8 = softmaxCrossEntropyGradient (%6.1, %5, %7)  [N, 2]
        %9 = flattenGradient (%8)  [N, 2, 1, 1]
        %10 = reluGradient (%3, %9)  [N, 2, 1, 1]
        %11 = convolutionWeightGradient 4×4 (%0, %10)  [2, 1, 4, 4]  conv
        output losses = %6.0
        gradient conv.weight = %11

        """)
  }

  @Test("adds up what several readers of a value pass back")
  func fanOut() throws {
    var builder = GraphBuilder(mode: .training)
    let x = try builder.input("x", .perImage(3))
    let w = try builder.parameter("weight", [3, 3], .constant(0))
    let bias = try builder.parameter("bias", [3], .constant(0))
    let y = try builder.append(.dense, x, w, bias)[0]
    let sum = try builder.append(.add, y, try builder.append(.relu, y)[0])[0]
    let labels = try builder.append(.labels)[0]
    let losses = try builder.append(.softmaxCrossEntropy, sum, labels)[0]
    let graph = try builder.finish(minimizing: losses)
    let backward = graph.nodes[graph.forwardCount...].map(\.operation)
    #expect(backward.filter { $0 == .add }.count == 1)
  }

  @Test("a parameter that does not influence the loss is a fault, named")
  func unused() throws {
    var builder = GraphBuilder(mode: .training)
    let x = try builder.input("x", .perImage(3))
    let w = try builder.parameter("weight", [3, 3], .constant(0))
    let bias = try builder.parameter("bias", [3], .constant(0))
    _ = try builder.parameter("forgotten", [3], .constant(0))
    let y = try builder.append(.dense, x, w, bias)[0]
    let labels = try builder.append(.labels)[0]
    let losses = try builder.append(.softmaxCrossEntropy, y, labels)[0]
    let error = #expect(throws: GraphError.self) { try builder.finish(minimizing: losses) }
    #expect(error?.problem == "forgotten does not influence the loss")
  }
}
