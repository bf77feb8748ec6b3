import Foundation
import NetworkGraph
import Networks
import Testing

@Suite("Floating-point operations beside PyTorch's")
struct WorkWitnessTests {
  @Test("of every network are those that PyTorch counts", arguments: FlopsWitness.loaded.networks)
  func pytorch(totals: FlopsWitness.Totals) throws {
    let rows = LayerSummary.rows(of: try NetworkWitnessTests.graph(totals.network))
    #expect(rows.map(\.forwardOperations).reduce(0, +) == totals.forward)
    #expect(rows.map(\.trainingOperations).reduce(0, +) == totals.training)
  }

  @Test(
    "of a layer are those that PyTorch counts in its module", arguments: ["alexnet", "resnet20"])
  func layers(name: String) throws {
    let counted = try #require(FlopsWitness.loaded.layers[name])
    let rows = LayerSummary.rows(of: try NetworkWitnessTests.graph(name))
      .filter { $0.forwardOperations > 0 }
    #expect(
      Dictionary(uniqueKeysWithValues: rows.map { ($0.layer, $0.forwardOperations) }) == counted)
    // The images need no gradient, so the first layer has one product less.
    for (place, row) in rows.enumerated() {
      #expect(
        row.trainingOperations == (place == 0 ? 2 : 3) * row.forwardOperations, "\(row.layer)")
    }
  }

  @Test("of evaluation have no backward pass")
  func evaluation() throws {
    let graph = try ImageClassifier(
      AlexNet(classes: 10), imageDimensions: [3, 32, 32], classes: 10
    )
    .evaluationGraph()
    let rows = LayerSummary.rows(of: graph)
    #expect(rows.map(\.trainingOperations) == rows.map(\.forwardOperations))
    #expect(rows.contains { $0.forwardOperations > 0 })
  }
}

/// Counts from PyTorch, made by Witness/make_flops.py.
struct FlopsWitness: Decodable {
  struct Totals: Decodable, Sendable {
    let network: String
    let forward, training: Int
  }

  let networks: [Totals]
  let layers: [String: [String: Int]]

  static let loaded: FlopsWitness = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Witness/flops.json")
    do {
      return try JSONDecoder().decode(FlopsWitness.self, from: Data(contentsOf: file))
    } catch {
      fatalError("\(file.path): \(error)")
    }
  }()
}
