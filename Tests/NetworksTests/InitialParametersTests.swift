import NetworkGraph
import Networks
import Testing

@Suite("First weights")
struct InitialParametersTests {
  @Test("follow from the seed alone")
  func seeded() throws {
    let graph = try NetworkWitnessTests.graph("resnet20")
    #expect(graph.initialParameters(seed: 7) == graph.initialParameters(seed: 7))
    #expect(graph.initialParameters(seed: 7) != graph.initialParameters(seed: 8))
  }

  @Test(
    "have the declared mean, deviation and bounds", arguments: ["alexnet", "vgg11", "resnet44"])
  func distributions(name: String) throws {
    let graph = try NetworkWitnessTests.graph(name)
    let values = graph.initialParameters(seed: 3)
    for parameter in graph.parameters where parameter.elementCount > 2000 {
      let numbers = values[parameter.range].map { Double($0) }
      let n = Double(numbers.count)
      let mean = numbers.reduce(0, +) / n
      let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
      switch parameter.initial {
      case .constant: Issue.record("\(parameter.name) is large and constant")
      case .normal(let wanted):
        // Six standard errors of a mean, and about as many of a deviation.
        #expect(abs(mean) < 6 * wanted / n.squareRoot())
        #expect(abs(deviation / wanted - 1) < 6 / n.squareRoot())
      case .uniform(let bound):
        #expect(numbers.allSatisfy { abs($0) <= bound })
        #expect(abs(deviation * 3.0.squareRoot() / bound - 1) < 6 / n.squareRoot())
      }
    }
  }

  @Test("running means start at 0, running variances at 1")
  func statistics() throws {
    let graph = try NetworkWitnessTests.graph("resnet20")
    let values: [Float] = graph.initialStatistics()
    for statistic in graph.statistics {
      let wanted: Float = statistic.kind == .mean ? 0 : 1
      #expect(values[statistic.range].allSatisfy { $0 == wanted })
    }
  }
}
