import ExecutorOneDNN
import Executors
import NetworkGraph
import Networks
import TestSupport
import Testing

@Suite("Every executor, whole networks forward and backward", .serialized)
struct NetworkTests {
  /// What an executor may fuse, reorder or write in another form, each at least once.
  static let networks: [(name: String, layers: [any Layer])] = [
    ("batch norm and relu, fused and undone", [Convolution(16, size: 3, padding: 1)] + normed),
    (
      "a shortcut that projects, and a value with two readers",
      [
        Residual {
          Convolution(32, size: 3, stride: 2, padding: 1, bias: false).named("a")
          BatchNorm().named("b")
        } shortcut: {
          Convolution(32, size: 1, stride: 2).named("c")
        },
        ReLU(),
        Residual { Convolution(32, size: 3, padding: 1).named("d") },
      ]
    ),
    ("odd channels", [Convolution(7, size: 3), ReLU(), MaxPool(2), Convolution(9, size: 2)]),
    (
      "images of 2×2 and 1×1 pixels",
      [
        MaxPool(4), Convolution(16, size: 3, padding: 1), ReLU(),
        Convolution(24, size: 3, padding: 1, bias: false), BatchNorm(), ReLU(), MaxPool(2),
        Convolution(16, size: 3, padding: 1),
      ]
    ),
    (
      "windows wider than their images of 4×4 pixels",
      [
        MaxPool(2), Convolution(16, size: 5, padding: 2), BatchNorm(), ReLU(),
        Convolution(24, size: 5, padding: 2, bias: false), ReLU(),
      ]
    ),
    (
      "same-size convolutions into 16 filters, and residual sums",
      [Convolution(16, size: 3, padding: 1, bias: false)] + normed + [
        block(16), ReLU(), block(16), ReLU(),
        Residual {
          Convolution(32, size: 3, stride: 2, padding: 1, bias: false).named("a")
          BatchNorm().named("b")
          ReLU()
          Convolution(32, size: 3, padding: 1, bias: false).named("c")
          BatchNorm().named("d")
        } shortcut: {
          Convolution(32, size: 1, stride: 2, bias: false).named("e")
          BatchNorm().named("f")
        },
        ReLU(),
      ]
    ),
    (
      "same-size convolutions of 4×4 pixels, with a bias and without",
      [
        MaxPool(2), Convolution(32, size: 3, padding: 1), BatchNorm(), ReLU(),
        Convolution(48, size: 3, padding: 1), BatchNorm(), ReLU(),
        Convolution(32, size: 3, padding: 1, bias: false), BatchNorm(), ReLU(),
      ]
    ),
    (
      "one filter bank in two layers of 2×2 pixels, and a value added to itself",
      [MaxPool(4), Convolution(16, size: 1), SharedFilters(filters: 16)]
    ),
    (
      "one filter bank in two layers of 2×2 pixels, of channels that tiles do not take",
      [MaxPool(4), Convolution(24, size: 1), SharedFilters(filters: 24)]
    ),
    (
      "convolutions by tiles, in a residual sum, too",
      [Convolution(64, size: 1)] + normed + [block(64), ReLU(), block(64)]
    ),
    (
      "convolutions of images that are one tile, in a residual sum, too",
      [
        Convolution(64, size: 1), ReLU(), MaxPool(2), Convolution(64, size: 5, padding: 2), ReLU(),
        MaxPool(2), Convolution(64, size: 3, padding: 1), ReLU(), block(64), ReLU(), block(64),
      ]
    ),
    (
      "convolutions by tiles of one filter bank, and behind an odd number of weights",
      [
        Convolution(7, size: 1, bias: false), Convolution(64, size: 1), ReLU(),
        SharedFilters(filters: 64), SummedBias(filters: 64, window: Window(size: 3, padding: 1)),
      ]
    ),
    ("a bias that is the sum of two parameters", [SummedBias(filters: 16)]),
    ("a batch norm that is an output, too", [Convolution(16, size: 3), Probe()]),
    ("two batch norms behind one convolution", [Convolution(16, size: 1)] + normed + normed),
    (
      "an output so large that it is made twice",
      [Convolution(1024, size: 3, padding: 1)] + normed + [MaxPool(8)]
    ),
    (
      "many channels of few pixels, whose weight gradients are products of columns",
      [
        MaxPool(2), Convolution(128, size: 1), ReLU(), Convolution(128, size: 3, padding: 1),
        ReLU(), Convolution(128, size: 3, stride: 2, padding: 1, bias: false),
      ]
    ),
  ]

  private static let normed: [any Layer] = [BatchNorm(), ReLU()]

  private static func block(_ channels: Int) -> Residual {
    Residual {
      Convolution(channels, size: 3, padding: 1, bias: false).named("a")
      BatchNorm().named("b")
      ReLU()
      Convolution(channels, size: 3, padding: 1, bias: false).named("c")
      BatchNorm().named("d")
    }
  }

  @Test(
    "have the reference's outputs, statistics and gradients, in training",
    arguments: executorsUnderTest.indices, networks.indices)
  func training(executor: Int, network: Int) throws {
    let graph = try classifier(network).trainingGraph()
    #expect(graph.gradients.count == graph.parameters.count)
    let (got, wanted) = try outcomes(graph, executor)
    let tolerance = executorsUnderTest[executor].networkTolerance
    for (name, numbers) in wanted.outputs {
      #expect(relativeDistance(got.outputs[name] ?? [], numbers) < tolerance, "\(name)")
    }
    #expect(relativeDistance(got.statistics, wanted.statistics) < tolerance)
    let scale = (wanted.gradient.reduce(0) { $0 + $1 * $1 }).squareRoot()
    for parameter in graph.parameters {
      let (ours, exact) = (got.gradient[parameter.range], wanted.gradient[parameter.range])
      let error = zip(ours, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      #expect(error < tolerance * scale, "\(parameter.name)")
    }
  }

  @Test(
    "have the reference's outputs, in evaluation",
    arguments: executorsUnderTest.indices, networks.indices)
  func evaluation(executor: Int, network: Int) throws {
    let (got, wanted) = try outcomes(try classifier(network).evaluationGraph(), executor)
    let tolerance = executorsUnderTest[executor].networkTolerance
    #expect(wanted.outputs.count >= 2)
    for (name, numbers) in wanted.outputs {
      #expect(relativeDistance(got.outputs[name] ?? [], numbers) < tolerance, "\(name)")
    }
  }

  @Test("that compute a bias are refused where it would be packed before it is there")
  func computedBias() throws {
    // The dense form that convolutions of 2×2 pixels have.
    let bias = SummedBias(filters: 16, window: Window(size: 3, padding: 1))
    let graph = try ImageClassifier(
      Ended(layers: [MaxPool(4), bias]), imageDimensions: [3, 8, 8], classes: 10
    ).trainingGraph()
    let error = #expect(throws: ExecutorError.self) {
      try OneDNNExecutor(threads: 1).compile(graph, imageCount: 5)
    }
    #expect(error?.code == .unsupported)
  }

  private func outcomes(_ graph: Graph, _ executor: Int) throws -> (Outcome, Outcome) {
    let sample = SampleFeed(for: graph, imageCount: 5)
    return (
      try outcome(
        of: graph, on: executorsUnderTest[executor].executor, imageCount: 5, feeding: sample),
      try outcome(of: graph, on: ReferenceExecutor<Double>(), imageCount: 5, feeding: sample)
    )
  }

  private func classifier(_ index: Int) -> ImageClassifier {
    ImageClassifier(
      Ended(layers: Self.networks[index].layers), imageDimensions: [3, 8, 8], classes: 10)
  }
}

/// Layers numbered, and a dense layer behind them.
private struct Ended: CompositeLayer {
  let body: [any Layer]

  init(layers: [any Layer]) { body = layers }

  var layers: [any Layer] {
    Numbered { body }
    Flatten()
    Dense(10).named("classifier")
  }
}

/// Batch norm and ReLU, and somebody who also wants to see what is between them.
private struct Probe: Layer {
  func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    let normed = try BatchNorm().lower(input, into: &graph)
    graph.output("between", normed)
    return try graph.append(.relu, normed)[0]
  }
}

/// The same weights with two biases and two paddings, and a doubled sum.
private struct SharedFilters: Layer {
  let filters: Int

  func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    let dimensions = [filters, filters, 3, 3]
    let w = try graph.parameter("weight", dimensions, .normal(deviation: 0.1))
    let first = try graph.parameter("first", [filters], .uniform(bound: 1))
    let second = try graph.parameter("second", [filters], .uniform(bound: 1))
    let a = try graph.append(.convolution(Window(size: 3, padding: 1)), input, w, first)[0]
    let b = try graph.append(.convolution(Window(size: 3, padding: 1)), a, w, second)[0]
    return try graph.append(.add, b, b)[0]
  }
}

/// A convolution with two parameters whose gradient is the same value.
private struct SummedBias: Layer {
  let filters: Int
  var window = Window(size: 3)

  func lower(_ input: Value, into graph: inout GraphBuilder) throws(GraphError) -> Value {
    let channels = graph.type(of: input).dimensions[0]
    let w = try graph.parameter("weight", [filters, channels, 3, 3], .normal(deviation: 0.1))
    let first = try graph.parameter("first", [filters], .uniform(bound: 1))
    let second = try graph.parameter("second", [filters], .uniform(bound: 1))
    let bias = try graph.append(.add, first, second)[0]
    return try graph.append(.convolution(window), input, w, bias)[0]
  }
}
