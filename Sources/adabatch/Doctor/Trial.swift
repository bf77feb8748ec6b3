import AdaBatch
import Foundation

/// One step of training of a tiny network with oneDNN: that it works, and what it takes.
struct Trial: Codable {
  /// Threads that programs use.
  let threads: Int
  /// From the first call of the library to the gradient.
  let milliseconds: Double
  /// Distance of loss and gradient from the reference executor's, over the latter's length.
  let difference: Double
  /// Main memory that the process had then, and the most that it ever had, in bytes.
  let residentBytes: Int
  let peakBytes: Int

  /// - Throws: `ExecutorError` where oneDNN cannot be used.
  init() throws {
    let start = ContinuousClock.now
    let executor = try OneDNNExecutor()
    let numbers = try Self.step(executor)
    milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    threads = executor.threads
    residentBytes = ProcessMemory.residentBytes
    peakBytes = ProcessMemory.peakResidentBytes
    let expected = try Self.step(ReferenceExecutor<Float>())
    difference = Self.distance(numbers, expected)
  }

  /// Whether oneDNN gave what it should.
  var isRight: Bool { difference < 1e-4 }

  /// Every kind of layer that the networks have, for each brings kernels of its own into memory.
  private struct Network: CompositeLayer {
    var layers: [any Layer] {
      Convolution(16, size: 3, padding: 1).named("conv")
      BatchNorm().named("bn")
      ReLU()
      Convolution(64, size: 3, padding: 1).named("wide")
      ReLU()
      Convolution(64, size: 3, padding: 1).named("tiles")
      ReLU()
      MaxPool(4)
      Convolution(64, size: 3, padding: 1).named("small")
      ReLU()
      Convolution(32, size: 3, padding: 1).named("tiny")
      ReLU()
      GlobalAveragePool()
      Flatten()
      Dense(2).named("fc")
    }
  }

  /// Losses and gradient of four images.
  private static func step(_ executor: some Executor<Float>) throws -> [Float] {
    let classifier = ImageClassifier(Network(), imageDimensions: [3, 8, 8], classes: 2)
    let graph = try classifier.trainingGraph()
    let program = try executor.compile(graph, imageCount: 4)
    let images = Buffer<Float>((0..<4 * 192).map { index in Float(index * 37 % 101) / 50 - 1 })
    let labels = Buffer<Int32>([0, 1, 1, 0])
    let weights = Weights<Float>(
      parameters: graph.initialParameters(seed: 1), statistics: graph.initialStatistics())
    let gradient = Buffer(repeating: Float(0), count: graph.parameterCount)
    return try withExtendedLifetime((images, labels)) {
      let feed = Feed<Float>(
        inputs: [ImageClassifier.imagesInput: UnsafePointer(images.pointer)],
        labels: UnsafePointer(labels.pointer))
      try program.forward(feed, weights: weights)
      let losses = program.output(ImageClassifier.lossesOutput)
      try program.backward(into: gradient.pointer)
      return losses + gradient.elements
    }
  }

  private static func distance(_ numbers: [Float], _ expected: [Float]) -> Double {
    let squares = zip(numbers, expected).map { Double($0 - $1) * Double($0 - $1) }
    let length = expected.map { Double($0) * Double($0) }.reduce(0, +)
    return (squares.reduce(0, +) / length).squareRoot()
  }
}
