import BatchPolicies
import Executors
import NetworkGraph
import Networks
import TestSupport
import Testing
import Training

@Suite("Lengths of an update's gradients")
struct GradientNormsTests {
  @Test("are those of the gradients themselves, of micro-batches of several sizes")
  func lengths() throws {
    let graph = try ImageClassifier(PlainNetwork(), imageDimensions: [3, 32, 32], classes: 10)
      .trainingGraph()
    let sample = SampleFeed(for: graph, imageCount: 7)
    let sizes = [3, 3, 1]
    let learner = Self.learner(graph)
    learner.measuresGradients = true
    let gradients = try Self.pass(sample, sizes, by: learner)
    try learner.finishUpdate(learningRate: 0.1)
    let norms = try #require(learner.gradientNorms)
    var (mean, square) = (Array(repeating: 0.0, count: graph.parameterCount), 0.0)
    for (size, gradient) in zip(sizes, gradients) {
      let share = Double(size) / 7
      square += share * gradient.reduce(0) { $0 + $1 * $1 }
      for (index, number) in gradient.enumerated() { mean[index] += share * number }
    }
    #expect(norms.microBatches == 3)
    #expect(abs(norms.meanOfSquares / square - 1) < 1e-12)
    #expect(abs(norms.squareOfMean / mean.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
  }

  @Test("are not measured unless they are wanted, nor of one micro-batch")
  func unmeasured() throws {
    let graph = try ImageClassifier(PlainNetwork(), imageDimensions: [3, 32, 32], classes: 10)
      .trainingGraph()
    let sample = SampleFeed(for: graph, imageCount: 4)
    for (measures, sizes) in [(false, [2, 2]), (true, [4])] {
      let learner = Self.learner(graph)
      learner.measuresGradients = measures
      _ = try Self.pass(sample, sizes, by: learner)
      try learner.finishUpdate(learningRate: 0.1)
      #expect(learner.gradientNorms == nil)
    }
  }

  private static func learner(_ graph: Graph) -> Learner<Double> {
    Learner(
      graph, ReferenceExecutor<Double>(),
      parameters: graph.initialParameters(seed: 3).map(Double.init),
      optimizer: SGD(momentum: 0, weightDecay: 0.1, parameterCount: graph.parameterCount))
  }

  /// Begins an update with the first images of a sample.
  ///
  /// - Returns: the gradient of each micro-batch.
  private static func pass(
    _ sample: SampleFeed, _ sizes: [Int], by learner: Learner<Double>
  ) throws -> [[Double]] {
    let images = Buffer(sample.inputs[ImageClassifier.imagesInput] ?? [])
    let labels = Buffer(sample.labels)
    let count = sizes.reduce(0, +)
    var first = 0
    learner.beginUpdate()
    return try sizes.map { size in
      defer { first += size }
      return try withExtendedLifetime((images, labels)) {
        try learner.accumulate(
          images: images.pointer + first * 3072, labels: labels.pointer + first, count: size,
          share: Double(size) / Double(count))
        // The newest pass of the program is this one.
        let gradient = Buffer(repeating: 0.0, count: learner.graph.parameterCount)
        try learner.program(for: size).backward(into: gradient.pointer)
        return gradient.elements
      }
    }
  }
}
