import BatchPolicies
import ExecutorXLA
import Executors
import Foundation
import ImageData
import NetworkGraph
import Networks
import TestSupport
import Testing
import Training

/// The Python that has jaxlib; nil where none is named, as outside of `make test-xla`.
private let python = ProcessInfo.processInfo.environment["XLA_PYTHON"]

@Suite("Many updates in one call", .serialized, .enabled(if: python != nil, "no XLA_PYTHON"))
struct UpdatesTests {
  /// Images of one update, unless a test says otherwise, and how many there are.
  private let batch = 8
  private let updates = 3
  private let images: Dataset
  private let server: StableHLOServer

  init() throws {
    images = SyntheticImages.make(seed: 3, trainingCount: 24, testCount: 4)
    server = try StableHLOServer(python: #require(python))
  }

  private struct Trained {
    var parameters, momentum, statistics: [Float]
    var loss: Double
    var correct: Int
  }

  /// An epoch as ``Trainer`` makes it.
  private func reference(
    _ network: any Layer, batch: Int = 8, _ microBatch: Int
  ) throws -> (start: Trained, end: Trained) {
    let trainer = try Trainer(
      network, images, policy: FixedBatch(batchSize: batch, changes: .every(1)),
      executor: ReferenceExecutor<Float>(),
      options: TrainingOptions(
        epochs: 1, learningRate: 0.005, weightDecay: 0.05, microBatch: .images(microBatch),
        testBatch: 4))
    let start = trained(trainer, 0, 0)
    var end = start
    try trainer.train(onEpoch: { epoch in
      end = trained(trainer, epoch.trainLoss, epoch.trainAccuracy)
    })
    return (start, end)
  }

  private func trained(_ trainer: Trainer, _ loss: Double, _ accuracy: Double) -> Trained {
    let (weights, count) = (trainer.learner.weights, Double(images.training.imageCount))
    return Trained(
      parameters: weights.parameters.elements,
      momentum: trainer.learner.optimizer.velocity.elements,
      statistics: weights.statistics.elements, loss: loss * count,
      correct: Int((accuracy * count / 100).rounded()))
  }

  /// The same on replicas that share each update, whose states are equal.
  private func onDevice(
    _ network: any Layer, _ start: Trained, batch: Int = 8, group: Int, replicas: Int = 1,
    calls: [Range<Int>]
  ) throws -> Trained {
    let graph = try ImageClassifier(network, imageDimensions: [3, 32, 32], classes: 10)
      .trainingGraph()
    let order = DeviceOrder(graph)
    let (share, updates) = (batch / replicas, images.training.imageCount / batch)
    let text = UpdatesText(
      graph, outputs: (ImageClassifier.logitsOutput, ImageClassifier.lossesOutput),
      UpdatesText.Sizes(
        dataset: images.training.imageCount, batch: share, group: group, updates: updates,
        replicas: replicas),
      UpdatesText.Recipe(
        momentum: 0.9, weightDecay: 0.05, mean: images.normalization.mean.map(Double.init),
        deviation: images.normalization.deviation.map(Double.init)),
      named: "updates")
    let program = try server.compile(text.text, replicas: replicas)
    var state = [
      order.toDevice(start.parameters), order.toDevice(start.momentum), start.statistics, [0, 0],
    ]
    for call in calls {
      let arguments = (0..<replicas).flatMap { replica -> [StableHLOServer.Argument] in
        state.map { .floats($0, [$0.count]) } + [
          .bytes(pixels, [24 * 32 * 32, 3]),
          .integers((0..<24).map { Int32(images.training.label(of: $0)) }, [24]),
          .integers(choices(of: replica, share, batch), [updates, share, 4]),
          .integers([Int32(call.lowerBound)], []), .integers([Int32(call.upperBound)], []),
          .floats([0.005], []),
        ]
      }
      let results = try server.run(program, arguments)
      state = Array(results[..<4])
      for replica in 1..<max(2, replicas) where replica < replicas {
        #expect(Array(results[(4 * replica)...].prefix(4)) == state)
      }
    }
    return Trained(
      parameters: order.fromDevice(state[0]), momentum: order.fromDevice(state[1]),
      statistics: state[2], loss: Double(state[3][0]), correct: Int(state[3][1]))
  }

  /// Pixel by pixel.
  private var pixels: [UInt8] {
    (0..<24).flatMap { index in
      images.training.withPixels(of: index) { planes in
        (0..<1024).flatMap { pixel in (0..<3).map { planes[$0 * 1024 + pixel] } }
      }
    }
  }

  /// The first epoch's images, as the CPU shows them: a replica's share of each update.
  private func choices(of replica: Int, _ share: Int, _ batch: Int) -> [Int32] {
    var order = EpochOrder(imageCount: 24, seed: 1, epoch: 0)
    let all = order.next(24) ?? []
    let own = all.enumerated().filter { $0.offset % batch / share == replica }.map(\.element)
    return own.flatMap { index -> [Int32] in
      let view = Augmentation.reference.view(seed: 1, epoch: 0, index: index)
      return [Int32(index), Int32(view.down), Int32(view.right), view.mirrored ? 1 : 0]
    }
  }

  private static let residual = ResNet(blocksPerStage: 1, bottleneck: false)

  /// Convolutions with a bias before batch norm, a maximum, an image of few pixels, and a stride.
  private static let biased = ConvolutionsWithBias()

  @Test(
    "are those of the reference, with groups of images for batch norm", arguments: [8, 4, 2],
    [false, true])
  func matchReference(group: Int, hasBias: Bool) throws {
    let network: any Layer = hasBias ? Self.biased : Self.residual
    let (start, end) = try reference(network, group)
    let got = try onDevice(network, start, group: group, calls: [0..<updates])
    expect(got, isNear: end, from: start)
  }

  @Test("of three replicas are those of one device with three micro-batches")
  func replicas() throws {
    let (start, end) = try reference(Self.residual, batch: 6, 2)
    let got = try onDevice(
      Self.residual, start, batch: 6, group: 2, replicas: 3, calls: [0..<4])
    expect(got, isNear: end, from: start)
  }

  private func expect(_ got: Trained, isNear end: Trained, from start: Trained) {
    #expect(end.parameters != start.parameters)
    let moved = zip(end.parameters, start.parameters).map { Double($0 - $1) }
    let ours = zip(got.parameters, start.parameters).map { Double($0 - $1) }
    // After three updates a ReLU has seen some numbers on the other side of 0: oneDNN is 1e-3 away.
    #expect(relativeDistance(ours, moved) < 1e-2)
    #expect(relativeDistance(got.momentum.map(Double.init), end.momentum.map(Double.init)) < 1e-2)
    #expect(
      relativeDistance(got.statistics.map(Double.init), end.statistics.map(Double.init)) < 1e-5)
    #expect(abs(got.loss / end.loss - 1) < 1e-5)
    #expect(got.correct == end.correct)
  }

  @Test("are the same in several calls")
  func calls() throws {
    let network = Self.residual
    let (start, _) = try reference(network, batch)
    let once = try onDevice(network, start, group: batch, calls: [0..<updates])
    let twice = try onDevice(network, start, group: batch, calls: [0..<1, 1..<updates])
    #expect(once.parameters == twice.parameters && once.momentum == twice.momentum)
    #expect(once.statistics == twice.statistics && once.correct == twice.correct)
  }
}

private struct ConvolutionsWithBias: CompositeLayer {
  var layers: [any Layer] {
    Convolution(8, size: 11, stride: 4, padding: 5).named("a")
    BatchNorm().named("b")
    ReLU()
    MaxPool(2)
    Convolution(8, size: 5, padding: 2).named("c")
    BatchNorm().named("d")
    ReLU()
    GlobalAveragePool()
    Flatten()
    Dense(10).named("e")
  }
}
