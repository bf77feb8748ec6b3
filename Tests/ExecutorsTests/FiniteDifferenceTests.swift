import Executors
import NetworkGraph
import Networks
import TestSupport
import Testing

@Suite("Every gradient rule, against finite differences in Double")
struct FiniteDifferenceTests {
  /// Layers between a convolution, whose weights show what comes back through them, and the loss.
  static let cases: [(name: String, layers: [any Layer])] = [
    ("convolution", [Convolution(3, size: 3, stride: 2, padding: 1)]),
    ("convolution without bias", [Convolution(4, size: 2, bias: false)]),
    ("wide padding", [Convolution(2, size: 5, stride: 3, padding: 4)]),
    ("batch norm", [BatchNorm()]),
    ("batch norm and relu", [BatchNorm(), ReLU()]),
    ("relu", [ReLU()]),
    ("maximum pooling", [MaxPool(3, stride: 2, padding: 1)]),
    ("overlapping maximum pooling", [MaxPool(2, stride: 1)]),
    ("average pooling", [GlobalAveragePool()]),
    ("residual", [Residual { Convolution(4, size: 3, padding: 1) }, ReLU()]),
    (
      "residual with projection",
      [
        Residual {
          Convolution(6, size: 3, stride: 2, padding: 1, bias: false).named("conv")
          BatchNorm().named("norm")
        } shortcut: {
          Convolution(6, size: 1, stride: 2).named("shortcut")
        }
      ]
    ),
  ]

  @Test("agrees, for every tensor of parameters", arguments: cases.indices)
  func agrees(index: Int) throws {
    let graph = try graph(Self.cases[index].layers)
    let sample = SampleFeed(for: graph, imageCount: 3)
    let gradient = try run(graph, sample).gradient
    for parameter in graph.parameters {
      for element in spread(over: parameter.range) {
        let slope = try slope(graph, sample, at: element)
        let error = abs(gradient[element] - slope) / max(abs(slope), 1e-3)
        #expect(error < 2e-6, "\(parameter.name): \(gradient[element]) against \(slope)")
      }
    }
  }

  @Test("reaches the twelve operations of the backward pass")
  func complete() throws {
    let names = try Self.cases.reduce(into: Set<String>()) { names, entry in
      let graph = try graph(entry.layers)
      names.formUnion(graph.nodes[graph.forwardCount...].map(\.operation.name))
    }
    #expect(
      names == [
        "meanWeight", "add", "softmaxCrossEntropyGradient", "denseInputGradient",
        "denseWeightGradient", "flattenGradient", "averagePoolGradient", "maximumPoolGradient",
        "reluGradient", "batchNormGradient", "convolutionInputGradient",
        "convolutionWeightGradient",
      ])
  }

  private func graph(_ layers: [any Layer]) throws -> Graph {
    let network = Sandwich(filling: layers)
    return try ImageClassifier(network, imageDimensions: [2, 5, 5], classes: 3).trainingGraph()
  }

  private func run(_ graph: Graph, _ sample: SampleFeed) throws -> Outcome {
    try outcome(of: graph, on: ReferenceExecutor<Double>(), imageCount: 3, feeding: sample)
  }

  private func slope(_ graph: Graph, _ sample: SampleFeed, at element: Int) throws -> Double {
    let step = 1e-5
    func loss(_ shift: Double) throws -> Double {
      var moved = sample
      moved.parameters[element] += shift
      let losses = try run(graph, moved).outputs[ImageClassifier.lossesOutput] ?? []
      return losses.reduce(0, +) / Double(losses.count)
    }
    return (try loss(step) - loss(-step)) / (2 * step)
  }

  private func spread(over range: Range<Int>) -> [Int] {
    stride(from: range.lowerBound, to: range.upperBound, by: max(1, range.count / 7)).map { $0 }
  }
}

private struct Sandwich: CompositeLayer {
  let filling: [any Layer]

  var layers: [any Layer] {
    Convolution(4, size: 1).named("before")
    Numbered { filling }.named("filling")
    Flatten()
    Dense(3).named("after")
  }
}
