import AdaBatch
import ArgumentParser
import Foundation

struct NetworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks",
    abstract: "List the networks, or show the layers, shapes and parameters of one.",
    discussion: """
      EXAMPLE
        adabatch networks resnet20 --classes 100
      """)

  @Argument(help: "Network to show.")
  var name: String?

  @Option(help: "Classes that it tells apart.")
  var classes = 10

  mutating func run() throws {
    guard classes >= 2 else {
      throw TrainingError(
        .impossibleSetting, problem: "--classes is \(classes), but needs to be 2 or more",
        fix: "give the number of classes of your data")
    }
    if let name { try show(name) } else { try list() }
  }

  private func list() throws {
    Console.print("network      parameters, \(classes) classes, 3 × 32 × 32 images")
    for name in NetworkCatalogue.names {
      let name13 = name.padding(toLength: 13, withPad: " ", startingAt: 0)
      Console.print(name13 + padded(grouped(try graph(name).parameterCount), 10))
    }
    Console.print("also resnet of every other depth 6n + 2, bottlenecks from 44 on")
  }

  private func show(_ name: String) throws {
    let graph = try graph(name)
    let rows = LayerSummary.rows(of: graph)
    let nameWidth = rows.map(\.layer.count).max() ?? 0
    let operationWidth = rows.map(\.operation.count).max() ?? 0
    let shapeWidth = rows.map(\.output.description.count).max() ?? 0
    for row in rows {
      let parameters = row.parameterCount == 0 ? "" : grouped(row.parameterCount)
      Console.print(
        row.layer.padding(toLength: nameWidth + 2, withPad: " ", startingAt: 0)
          + row.operation.padding(toLength: operationWidth + 2, withPad: " ", startingAt: 0)
          + row.output.description.padding(toLength: shapeWidth, withPad: " ", startingAt: 0)
          + padded(parameters, 12))
    }
    Console.print("\(name), \(classes) classes: \(grouped(graph.parameterCount)) parameters")
  }

  private func graph(_ name: String) throws -> Graph {
    guard let network = try NetworkCatalogue.network(named: name, classes: classes) else {
      throw NetworkCatalogue.unknown(name)
    }
    return try ImageClassifier(network, imageDimensions: [3, 32, 32], classes: classes)
      .trainingGraph()
  }
}
