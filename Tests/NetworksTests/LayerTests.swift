import NetworkGraph
import Networks
import Testing

@Suite("Layers")
struct LayerTests {
  @LayerBuilder private func layers(_ on: Bool) -> [any Layer] { if on { ReLU() } }

  @LayerBuilder private func either(_ first: Bool) -> [any Layer] {
    if first {
      ReLU()
    } else {
      ReLU()
      Flatten()
    }
    for _ in 0..<3 { BatchNorm() }
    [ReLU(), ReLU()]
  }

  @Test("an if without else keeps its layer, or leaves nothing")
  func optional() {
    #expect(layers(true).count == 1)
    #expect(layers(false).isEmpty)
  }

  @Test("if and else, for and lists become one chain")
  func chain() {
    #expect(either(true).count == 6)
    #expect(either(false).count == 7)
  }

  @Test(
    "shapes are inferred from what comes in",
    arguments: [[3, 32, 32], [1, 28, 28], [4, 40, 40]])
  func inferred(dimensions: [Int]) throws {
    let classifier = ImageClassifier(try ResNet(), imageDimensions: dimensions, classes: 10)
    let graph = try classifier.trainingGraph()
    #expect(graph.parameters[0].dimensions == [16, dimensions[0], 3, 3])
  }

  @Test("a network that ends in another number of classes is refused")
  func classes() throws {
    let classifier = ImageClassifier(
      AlexNet(classes: 10), imageDimensions: [3, 32, 32], classes: 100)
    let error = #expect(throws: GraphError.self) { try classifier.trainingGraph() }
    #expect(error?.problem == "the network ends in [N, 10] for 100 classes")
  }

  @Test("an image too small for the network is refused where it no longer fits")
  func tooSmall() throws {
    let classifier = ImageClassifier(VGG(.a), imageDimensions: [3, 16, 16], classes: 10)
    let error = #expect(throws: GraphError.self) { try classifier.trainingGraph() }
    #expect(error?.layer == "features.28")
  }

  @Test("a dense layer needs features, a convolution images")
  func ranks() throws {
    for layers: [any Layer] in [[Dense(10)], [Flatten(), Convolution(4, size: 1)]] {
      let classifier = ImageClassifier(
        Chain(layers: layers), imageDimensions: [3, 8, 8], classes: 10)
      #expect(throws: GraphError.self) { try classifier.trainingGraph() }
    }
  }

  @Test(
    "a ResNet has a depth of 6n + 2", arguments: [(21, 20), (0, 8), (.min, 8), (43, 44), (100, 98)])
  func depths(depth: Int, nearest: Int) {
    let error = #expect(throws: GraphError.self) { try ResNet(depth: depth) }
    #expect(error?.fix == "use a depth of 6n + 2, such as \(nearest)")
  }

  @Test("a ResNet is not deeper than anybody's", arguments: [1203, 1_000_004, .max])
  func tooDeep(depth: Int) {
    let error = #expect(throws: GraphError.self) { try ResNet(depth: depth) }
    #expect(error?.fix == "use a depth of 6n + 2, at most 1202")
  }

  @Test("every name in the catalogue is a network, and others are not")
  func catalogue() throws {
    for name in NetworkCatalogue.names {
      #expect(try NetworkCatalogue.network(named: name, classes: 10) != nil)
    }
    for name in ["resnet", "vgg12", "vgg11-bn", "lenet", "AlexNet"] {
      #expect(try NetworkCatalogue.network(named: name, classes: 10) == nil)
    }
  }

  @Test("a summary has a row for each layer, and all parameters")
  func summary() throws {
    let graph = try NetworkWitnessTests.graph("alexnet")
    let rows = LayerSummary.rows(of: graph)
    #expect(rows.map(\.parameterCount).reduce(0, +) == 2_472_266)
    #expect(rows.last?.layer == "classifier")
    #expect(rows.last?.output == .perImage(10))
  }
}

private struct Chain: CompositeLayer {
  let layers: [any Layer]
}
