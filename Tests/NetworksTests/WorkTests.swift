import NetworkGraph
import Networks
import Testing

@Suite("Floating-point operations")
struct WorkTests {
  private func graph(_ network: any Layer) throws -> Graph {
    try ImageClassifier(network, imageDimensions: [3, 32, 32], classes: 10).trainingGraph()
  }

  // Convolutions of 3×3 on 32, 16 and 8 pixels, two 1×1 shortcuts, the dense layer.
  @Test("of ResNet-20 forward are those counted by hand")
  func forward() throws {
    let graph = try graph(ResNet(depth: 20, classes: 10))
    let products =
      3 * 16 * 9 * 1024 + 6 * 16 * 16 * 9 * 1024
      + (16 * 32 * 9 + 5 * 32 * 32 * 9 + 16 * 32) * 256
      + (32 * 64 * 9 + 5 * 64 * 64 * 9 + 32 * 64) * 64 + 640
    let counted = graph.nodes.prefix(graph.forwardCount).map(graph.floatingPointOperations)
    let operations = counted.reduce(0, +)
    #expect(operations == 2 * products)
  }

  // Of 3 taps along an edge of 32 pixels, the first and the last position lack one: 3·32 − 2.
  @Test("without those on padding are those counted by hand, forward and backward")
  func necessary() throws {
    let graph = try graph(Convolved())
    let products = [3 * 16 * 94 * 94, 16 * 8 * 47 * 47, 8 * 16 * 16 * 10]
    #expect(
      graph.nodes.map(graph.necessaryOperations).filter { $0 > 0 }.sorted()
        == (products + products + products.dropFirst()).map { 2 * $0 }.sorted())
  }

  @Test("backward are twice those forward, without the gradient of the images")
  func backward() throws {
    let graph = try graph(ResNet(depth: 20, classes: 10))
    let work = graph.nodes.map(graph.floatingPointOperations)
    let forward = work.prefix(graph.forwardCount).reduce(0, +)
    let backward = work.dropFirst(graph.forwardCount).reduce(0, +)
    let imageGradient = 2 * 3 * 16 * 9 * 1024
    #expect(backward == 2 * forward - imageGradient)
  }
}

/// A convolution, one of stride 2, and a dense layer.
private struct Convolved: CompositeLayer {
  var layers: [any Layer] {
    Convolution(16, size: 3, padding: 1).named("a")
    Convolution(8, size: 3, stride: 2, padding: 1).named("b")
    Flatten()
    Dense(10).named("c")
  }
}
