import ExecutorOneDNN
import Executors
import NetworkGraph
import Networks
import TestSupport
import Testing

@Suite("Programs", .serialized)
struct ProgramTests {
  @Test(
    "of several batch sizes take turns over the same weights, and leave each other no trace",
    arguments: executorsUnderTest.indices)
  func turns(executor index: Int) throws {
    let executor = executorsUnderTest[index].executor
    let graph = try classifier(ResNet(blocksPerStage: 1, bottleneck: false)).trainingGraph()
    let few = try Session(graph, executor, imageCount: 3)
    let many = try Session(graph, executor, imageCount: 8)
    let weights = Weights<Float>(
      parameters: graph.initialParameters(seed: 1), statistics: graph.initialStatistics())
    let alone = try few.run(weights)
    _ = try many.run(weights)
    #expect(try few.run(weights) == alone)
  }

  @Test("read weights that have changed, and not those they packed before")
  func changedWeights() throws {
    let graph = try classifier(AlexNet()).trainingGraph()
    let executor = try OneDNNExecutor(threads: 1)
    let session = try Session(graph, executor, imageCount: 2)
    let weights = Weights<Float>(
      parameters: graph.initialParameters(seed: 1), statistics: graph.initialStatistics())
    let before = try session.run(weights)
    for parameter in graph.parameters where parameter.dimensions.count > 1 {
      for element in parameter.range { weights.parameters.pointer[element] *= 1.5 }
    }
    weights.markChanged()
    let after = try session.run(weights)
    #expect(after != before)
    #expect(try Session(graph, OneDNNExecutor(threads: 1), imageCount: 2).run(weights) == after)
  }

  @Test(
    "compute the same after their kernels were run alone, which packs weights again",
    arguments: executorsUnderTest.indices)
  func kernelsAlone(executor index: Int) throws {
    // With filters that are turned (AVX-512), convolutions by tiles, from copies with padding (AVX2), and
    // those written as dense layers.
    for network in [
      ResNet(blocksPerStage: 1, bottleneck: false), VGG(.a), AlexNet(), Narrow(),
    ] as [any Layer] {
      let graph = try classifier(network).trainingGraph()
      let session = try Session(graph, executorsUnderTest[index].executor, imageCount: 4)
      guard let program = session.program as? any ProfiledProgram<Float> else { return }
      let weights = Weights<Float>(
        parameters: graph.initialParameters(seed: 1), statistics: graph.initialStatistics())
      let before = try session.run(weights)
      let seconds = try session.kernelSeconds(program)
      #expect(seconds.packing > 0 && seconds.passes > 0)
      #expect(try session.run(weights) == before)
    }
  }

  @Test("read the weights they are given, not another network's of the same version")
  func otherWeights() throws {
    let graph = try classifier(VGG(.a, batchNorm: false)).trainingGraph()
    for executor in executorsUnderTest.map(\.executor) {
      let session = try Session(graph, executor, imageCount: 1)
      let weights = [1, 2].map {
        Weights<Float>(parameters: graph.initialParameters(seed: $0), statistics: [])
      }
      let first = try session.run(weights[0])
      #expect(try session.run(weights[1]) != first)
      #expect(try session.run(weights[0]) == first)
    }
  }

  @Test(
    "make wide f32 convolutions by tiles, outputs and both gradients, the larger the more images",
    .enabled(
      if: ["AVX2", "AVX-512"].contains { OneDNNLibrary.instructionSet.contains($0) },
      "tiles need channels in blocks of 8 or more"),
    arguments: [
      // 16 for each of 16 tiles, 24 for each of 8, 36 for each of 4, and images that are one tile.
      (edge: 8, size: 3, images: 8, products: 256), (8, 3, 9, 192), (8, 3, 17, 144), (2, 3, 1, 9),
      (4, 5, 1, 81),
    ])
  func tiles(edge: Int, size: Int, images: Int, products: Int) throws {
    let graph = try ImageClassifier(
      Wide(size: size), imageDimensions: [3, edge, edge], classes: 10
    ).trainingGraph()
    let program = try OneDNNExecutor(threads: 1).compile(graph, imageCount: images)
    let steps = try #require(program as? any ProfiledProgram<Float>).steps
    let tiled = steps.filter { $0.kernel.hasPrefix("winograd") }
    #expect(
      Set(tiled.map(\.operation)) == [
        "convolution", "convolutionInputGradient", "convolutionWeightGradient",
      ])
    #expect(tiled.allSatisfy { $0.necessaryOperations == 2 * products * images * 64 * 64 })
    #expect(steps.contains { $0.operation == "convolution" && !$0.kernel.hasPrefix("winograd") })
  }

  @Test(
    "take tiles from 16 channels on with AVX2, and from 64 with AVX-512",
    .enabled(
      if: ["AVX2", "AVX-512"].contains { OneDNNLibrary.instructionSet.contains($0) },
      "tiles need channels in blocks of 8 or more"), arguments: [8, 16, 32, 64])
  func fewestChannels(_ channels: Int) throws {
    let graph = try ImageClassifier(
      Wide(size: 3, channels: channels), imageDimensions: [3, 8, 8], classes: 10
    ).trainingGraph()
    let program = try OneDNNExecutor(threads: 1).compile(graph, imageCount: 2)
    let steps = try #require(program as? any ProfiledProgram<Float>).steps
    let fewest = OneDNNLibrary.instructionSet.contains("AVX-512") ? 64 : 16
    #expect(steps.contains { $0.kernel.hasPrefix("winograd") } == (channels >= fewest))
  }

  @Test(
    "read a copy with padding where no fast kernel takes it",
    .enabled(if: OneDNNLibrary.instructionSet == "AVX2", "AVX-512 has a fast kernel"))
  func padding() throws {
    let graph = try classifier(AlexNet()).trainingGraph()
    let program = try OneDNNExecutor(threads: 1).compile(graph, imageCount: 2)
    let steps = try #require(program as? any ProfiledProgram<Float>).steps
    #expect(steps.filter { $0.operation == "pad" }.map(\.layer) == ["features.0"])
    #expect(!steps.contains { $0.kernel.hasPrefix("ref") })
  }

  @Test(
    "have a fast weight gradient for any channels and shape of images",
    arguments: [[1, 32, 32], [2, 32, 32], [4, 32, 32], [5, 32, 32], [3, 32, 48], [3, 32, 64]])
  func fastWeightGradients(dimensions: [Int]) throws {
    for network in [AlexNet(), VGG(.a)] as [any Layer] {
      let graph = try ImageClassifier(network, imageDimensions: dimensions, classes: 10)
        .trainingGraph()
      let program = try OneDNNExecutor(threads: 1).compile(graph, imageCount: 2)
      let steps = try #require(program as? any ProfiledProgram<Float>).steps
      let gradients = steps.filter { $0.operation == "convolutionWeightGradient" }
      #expect(!gradients.isEmpty && !gradients.contains { $0.kernel.hasPrefix("ref") })
    }
  }

  @Test("of more images never need less memory, wherever their pieces begin")
  func memoryGrows() throws {
    let executor = try OneDNNExecutor(threads: 1)
    let network = classifier(VGG(.a))
    for graph in [try network.trainingGraph(), try network.evaluationGraph()] {
      let bytes = try [2, 3, 4, 8, 9, 10, 16, 17, 33, 45, 46, 65, 227, 228].map {
        try executor.memoryBytes(of: graph, imageCount: $0)
      }
      #expect(bytes == bytes.sorted())
    }
  }

  @Test("that need more memory than there is are refused with the images that fit")
  func tooLarge() throws {
    let graph = try classifier(VGG(.e)).trainingGraph()
    let executor = try OneDNNExecutor()
    let error = #expect(throws: ExecutorError.self) {
      try executor.compile(graph, imageCount: 1_000_000)
    }
    #expect(error?.code == .outOfMemory)
    let images = try #require(error?.imagesThatFit)
    #expect(1..<1_000_000 ~= images)
    #expect(error?.fix.hasSuffix("--test-batch \(images)") == true)
  }

  private func classifier(_ network: any Layer) -> ImageClassifier {
    ImageClassifier(network, imageDimensions: [3, 32, 32], classes: 10)
  }
}

/// A convolution of 2×2 pixels, of channels that tiles do not take.
private struct Narrow: CompositeLayer {
  var layers: [any Layer] {
    Numbered {
      MaxPool(16)
      Convolution(24, size: 3, padding: 1)
      ReLU()
      Convolution(24, size: 3, padding: 1)
      Flatten()
    }
    Dense(10).named("classifier")
  }
}

/// A convolution of many channels, behind one that tiles do not make.
private struct Wide: CompositeLayer {
  let size: Int
  var channels = 64

  var layers: [any Layer] {
    Numbered {
      Convolution(channels, size: 1)
      Convolution(channels, size: size, padding: size / 2)
      Flatten()
    }
    Dense(10).named("classifier")
  }
}

/// A program with images to run it on.
private struct Session {
  let program: any Program<Float>
  let images: Buffer<Float>
  let labels: Buffer<Int32>
  let gradient: Buffer<Float>

  init(_ graph: Graph, _ executor: any Executor<Float>, imageCount: Int) throws {
    program = try executor.compile(graph, imageCount: imageCount)
    let sample = SampleFeed(for: graph, imageCount: imageCount)
    images = Buffer((sample.inputs[ImageClassifier.imagesInput] ?? []).map { Float($0) })
    labels = Buffer(sample.labels)
    gradient = Buffer(repeating: 0, count: program.graph.parameterCount)
  }

  /// The gradient goes where that of the pass before went.
  func kernelSeconds(_ program: any ProfiledProgram<Float>) throws -> KernelSeconds {
    try withExtendedLifetime((images, labels, gradient)) { try program.kernelSeconds() }
  }

  /// Losses, statistics and gradient of one pass.
  func run(_ weights: Weights<Float>) throws -> [Float] {
    let feed = Feed(
      inputs: [ImageClassifier.imagesInput: UnsafePointer(images.pointer)],
      labels: UnsafePointer(labels.pointer))
    try withExtendedLifetime((images, labels, gradient)) {
      try program.forward(feed, weights: weights)
      try program.backward(into: gradient.pointer)
    }
    return program.output(ImageClassifier.lossesOutput) + program.batchStatistics()
      + gradient.elements
  }
}
