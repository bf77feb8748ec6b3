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
