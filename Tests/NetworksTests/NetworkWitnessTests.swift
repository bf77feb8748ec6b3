import NetworkGraph
import Networks
import Testing

@Suite("Networks beside PyTorch's")
struct NetworkWitnessTests {
  static func graph(_ name: String, classes: Int = 10) throws -> Graph {
    let network = try #require(try NetworkCatalogue.network(named: name, classes: classes))
    return try ImageClassifier(network, imageDimensions: [3, 32, 32], classes: classes)
      .trainingGraph()
  }

  @Test("have as many parameters, for 10 and 100 classes", arguments: ShapesWitness.loaded.networks)
  func counts(totals: ShapesWitness.Totals) throws {
    #expect(try Self.graph(totals.network).parameterCount == totals.parameters10)
    #expect(try Self.graph(totals.network, classes: 100).parameterCount == totals.parameters100)
  }

  @Test("have the counts of the reference code of AdaBatch")
  func referenceCounts() throws {
    #expect(try Self.graph("alexnet").parameterCount == 2_472_266)
    #expect(try Self.graph("alexnet", classes: 100).parameterCount == 2_495_396)
    #expect(try Self.graph("vgg19_bn").parameterCount == 20_040_522)
    #expect(try Self.graph("resnet20", classes: 100).parameterCount == 278_324)
  }

  @Test(
    "have its names, shapes and first distributions, in its order",
    arguments: ShapesWitness.loaded.tensors.keys.sorted())
  func tensors(name: String) throws {
    let wanted = try #require(ShapesWitness.loaded.tensors[name])
    let graph = try Self.graph(name)
    #expect(graph.parameters.map(\.name) == wanted.parameters.map(\.name))
    #expect(graph.parameters.map(\.dimensions) == wanted.parameters.map(\.shape))
    for (ours, theirs) in zip(graph.parameters, wanted.parameters) {
      expect(ours, startsAs: theirs)
    }
    let buffers = wanted.buffers.filter { !$0.name.hasSuffix("num_batches_tracked") }
    #expect(graph.statistics.map(\.name) == buffers.map(\.name))
    #expect(graph.statistics.map { [$0.channels] } == buffers.map(\.shape))
  }

  private func expect(_ ours: Parameter, startsAs theirs: ShapesWitness.Tensor) {
    switch ours.initial {
    case .constant(let value): #expect(value == theirs.constant, "\(ours.name)")
    case .normal(let deviation):
      #expect(abs(deviation - (theirs.normal ?? 0)) < 1e-15, "\(ours.name)")
    case .uniform(let bound):
      #expect(abs(bound - (theirs.uniform ?? 0)) < 1e-15, "\(ours.name)")
    }
  }
}
