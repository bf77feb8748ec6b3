import BatchPolicies
import ExecutorXLA
import Executors
import Foundation
import ImageData
import Networks
import RunRecords
import TestSupport
import Testing
import Training

/// Trainings carried to jaxlib's devices, beside the reference executor's.
///
/// What runs is what runs on a GPU: the plugin's functions, buffers, the loop on the device.
@Suite(
  "A training on an accelerator", .serialized, .enabled(if: XLAFiles.python != nil, "no XLA_PYTHON")
)
struct UpdatesTests {
  private let images = SyntheticImages.make(seed: 3, trainingCount: 24, testCount: 10)

  private static let client = Result { try PJRTClient(PJRTPlugin(loading: JaxlibPlugin.path)) }

  private func accelerator(devices: Int = 1, cache: ExecutableCache? = nil) throws -> Computing {
    .accelerator(try XLAAccelerator(Self.client.get(), deviceCount: devices, cache: cache))
  }

  /// What has become of a training.
  private struct Trained {
    var parameters, momentum, statistics: [Float]
    var epochs: [EpochRecord]
    var scores: [ImageScore]
    var microBatches: Int
  }

  private func train(
    _ network: any Layer, on computing: Computing, epochs: Int = 1, _ microBatch: Int? = nil,
    policy given: (any BatchPolicy)? = nil, parts: Int? = nil,
    rate: Double = 0.005, dropLast: Bool = false, images other: Dataset? = nil
  ) throws -> (start: Trained, end: Trained) {
    let images = other ?? images
    let policy = try given ?? FixedBatch(batchSize: 8, changes: .every(1))
    let outline = try TrainingOutline(
      network, images.outline, policy: policy,
      options: TrainingOptions(
        epochs: epochs, learningRate: rate, weightDecay: 0.05,
        microBatch: microBatch.map { .images($0) } ?? parts.map { .part($0) } ?? .batch,
        testBatch: 4, dropLast: dropLast))
    let trainer = try Trainer(outline, images, on: computing)
    let start = trained(trainer, [])
    var records: [EpochRecord] = []
    try trainer.train(onEpoch: { records.append($0) })
    return (start, trained(trainer, records))
  }

  private func trained(_ trainer: Trainer, _ epochs: [EpochRecord]) -> Trained {
    let learner = trainer.learner
    return Trained(
      parameters: learner.weights.parameters.elements,
      momentum: learner.optimizer.velocity.elements,
      statistics: learner.weights.statistics.elements, epochs: epochs,
      scores: trainer.testScores, microBatches: learner.microBatchesTracked)
  }

  private static let reference = Computing.host(ReferenceExecutor<Float>())
  private static let residual = ResNet(blocksPerStage: 1, bottleneck: false)
  /// Convolutions with a bias before batch norm, a maximum, an image of few pixels, and a stride.
  private static let biased = ConvolutionsWithBias()

  @Test(
    "is that of the reference, with groups of images for batch norm", arguments: [8, 4, 2],
    [false, true])
  func matchesReference(group: Int, hasBias: Bool) throws {
    let network: any Layer = hasBias ? Self.biased : Self.residual
    let (start, end) = try train(network, on: Self.reference, group)
    expect(try train(network, on: accelerator(), group).end, isNear: end, from: start)
  }

  @Test("is the same where the batch grows, and where an epoch's last one is short")
  func growing() throws {
    let policy = try AdaBatchGrowth(initialBatchSize: 5, changes: .every(1), maximumBatchSize: 10)
    let (start, end) = try train(Self.biased, on: Self.reference, epochs: 2, policy: policy)
    let got = try train(Self.biased, on: accelerator(), epochs: 2, policy: policy).end
    expect(got, isNear: end, from: start)
    #expect(got.epochs.map(\.batchSize) == [5, 10])
    #expect(got.epochs.map(\.updates) == [5, 8])
  }

  @Test("is the same with one image, with three, and with all in an update", arguments: [1, 3, 24])
  func batchSizes(size: Int) throws {
    let policy = try FixedBatch(batchSize: size, changes: .every(1))
    let (start, end) = try train(Self.biased, on: Self.reference, policy: policy)
    expect(
      try train(Self.biased, on: accelerator(), policy: policy).end, isNear: end, from: start)
  }

  @Test("is the same with thousands of images in an update", arguments: [128, 4096])
  func largeBatches(size: Int) throws {
    let images = SyntheticImages.make(seed: 3, trainingCount: 4096, testCount: 10)
    let policy = try FixedBatch(batchSize: size, changes: .every(1))
    let (start, end) = try train(FewPixels(), on: Self.reference, policy: policy, images: images)
    let got = try train(FewPixels(), on: accelerator(), policy: policy, images: images).end
    expect(got, isNear: end, from: start)
  }

  @Test("tells an update's seconds apart by programs that pass alone")
  func seconds() throws {
    let epoch = try train(Self.residual, on: accelerator()).end.epochs[0]
    #expect(epoch.forwardSeconds > 0 && epoch.backwardSeconds > 0 && epoch.updateSeconds >= 0)
    let parts = epoch.forwardSeconds + epoch.backwardSeconds + epoch.updateSeconds
    #expect(parts < epoch.epochSeconds)
  }

  @Test("on three devices is that of one with as many micro-batches", arguments: [2, 1])
  func devices(microBatch: Int) throws {
    let policy = try FixedBatch(batchSize: 6, changes: .every(1))
    let (start, end) = try train(Self.residual, on: Self.reference, microBatch, policy: policy)
    let got = try train(Self.residual, on: accelerator(devices: 3), microBatch, policy: policy).end
    expect(got, isNear: end, from: start)
  }

  private func expect(_ got: Trained, isNear end: Trained, from start: Trained) {
    #expect(end.parameters != start.parameters)
    let moved = zip(end.parameters, start.parameters).map { Double($0 - $1) }
    let ours = zip(got.parameters, start.parameters).map { Double($0 - $1) }
    // After a few updates a ReLU has seen some numbers on the other side of 0: oneDNN is 1e-3 away.
    #expect(relativeDistance(ours, moved) < 1e-2)
    #expect(relativeDistance(got.momentum.map(Double.init), end.momentum.map(Double.init)) < 1e-2)
    #expect(
      relativeDistance(got.statistics.map(Double.init), end.statistics.map(Double.init)) < 1e-3)
    #expect(got.microBatches == end.microBatches)
    for (epoch, expected) in zip(got.epochs, end.epochs) {
      #expect(abs(epoch.trainLoss / expected.trainLoss - 1) < 1e-3)
      #expect(abs(epoch.testLoss / expected.testLoss - 1) < 1e-2)
      #expect(epoch.updates == expected.updates && epoch.samplesSeen == expected.samplesSeen)
    }
    #expect(got.epochs.first?.trainAccuracy == end.epochs.first?.trainAccuracy)
    #expect(got.scores.map(\.label) == end.scores.map(\.label))
  }

  @Test("gives the same bits again, and in calls of one update each")
  func calls() throws {
    let once = try train(Self.residual, on: accelerator()).end
    let again = try train(Self.residual, on: accelerator()).end
    #expect(once.parameters == again.parameters && once.scores == again.scores)
    #expect(once.epochs[0].trainLoss == again.epochs[0].trainLoss)
    let outline = try TrainingOutline(
      Self.residual, images.outline, policy: try FixedBatch(batchSize: 8, changes: .every(1)),
      options: TrainingOptions(
        epochs: 1, learningRate: 0.005, weightDecay: 0.05, testBatch: 4, decideEvery: 1))
    let trainer = try Trainer(outline, images, on: accelerator())
    var reports = 0
    var loss = 0.0
    try trainer.train(onEpoch: { loss = $0.trainLoss }, onUpdate: { _ in reports += 1 })
    #expect(reports == 3)
    #expect(loss == once.epochs[0].trainLoss)
    #expect(trainer.learner.weights.parameters.elements == once.parameters)
  }

  @Test(
    "compares the gradients of micro-batches, and of devices, of each update of a call",
    arguments: [(1, 3), (3, 3), (3, 6)], [1, 2])
  func noise(sharing: (devices: Int, microBatches: Int), every: Int) throws {
    func evidence(_ computing: Computing) throws -> (numbers: [Double], calls: Int) {
      let outline = try TrainingOutline(
        Self.residual, images.outline, policy: Watcher(),
        options: TrainingOptions(
          epochs: 1, learningRate: 0.005, microBatch: .part(sharing.microBatches), testBatch: 4,
          decideEvery: every))
      var (found, calls) = ([Double](), 0)
      try Trainer(outline, images, on: computing).train(
        onDecision: { decision in
          found += [decision.evidence?.value, decision.evidence?.lower].compactMap(\.self)
        }, onUpdate: { _ in calls += 1 })
      return (found, calls)
    }
    let expected = try evidence(Self.reference)
    let got = try evidence(accelerator(devices: sharing.devices))
    // Four updates, with decisions between.
    #expect(expected.numbers.count == 2 * (4 / every - 1))
    #expect(got.numbers.count == expected.numbers.count)
    #expect(relativeDistance(got.numbers, expected.numbers) < 1e-2)
    // As many as a slow device makes in half a second, so the second call may be two.
    #expect(expected.calls == 4 && (every == 1 ? 4...4 : 2...3) ~= got.calls)
  }

  @Test("passes as many groups at a time as the device has memory for, and names what would fit")
  func memory() throws {
    setenv("JAXLIB_MEMORY", "5000000", 1)
    defer { unsetenv("JAXLIB_MEMORY") }
    let (start, end) = try train(Self.residual, on: Self.reference, 2)
    // Of the test's 10 images 10 pass together, for which there is no check.
    let got = try train(Self.residual, on: accelerator(), 2).end
    expect(got, isNear: end, from: start)
    // On three devices, each of them.
    let policy = try FixedBatch(batchSize: 24, changes: .every(1))
    let (first, last) = try train(Self.residual, on: Self.reference, 2, policy: policy)
    let shared = try train(Self.residual, on: accelerator(devices: 3), 2, policy: policy).end
    expect(shared, isNear: last, from: first)
    let error = #expect(throws: ExecutorError.self) { try train(Self.residual, on: accelerator()) }
    #expect(error?.code == .outOfMemory)
    #expect(
      error?.problem
        == "in training, 8 images together take 8 MB of memory, and CPU by jaxlib gives"
        + " 4 MB beside test images and the best weights")
    #expect(error?.fix.contains("--micro-batch 4") == true)
    let growth = try AdaBatchGrowth(initialBatchSize: 12, changes: .every(1), maximumBatchSize: 24)
    let grown = #expect(throws: ExecutorError.self) {
      try train(Self.residual, on: accelerator(devices: 3), epochs: 2, policy: growth, parts: 3)
    }
    #expect(grown?.problem.contains("the device with the least memory gives 4 MB") == true)
    #expect(grown?.fix == "use --micro-batch 4, or let the batch grow to --max-batch 12")
  }

  @Test("that diverges says where, and keeps the state from before")
  func divergence() throws {
    let outline = try TrainingOutline(
      Self.residual, images.outline, policy: try FixedBatch(batchSize: 8, changes: .every(1)),
      options: TrainingOptions(epochs: 2, learningRate: 1e30, testBatch: 4))
    let trainer = try Trainer(outline, images, on: accelerator())
    let error = #expect(throws: TrainingError.self) { try trainer.train() }
    #expect(error?.code == .diverged)
    #expect(error?.description.contains("epoch 1, update \(trainer.state.updates + 1)") == true)
    try trainer.bringBack()
    let statistics = trainer.learner.weights.statistics.elements
    #expect(statistics.count { !$0.isFinite } == 0)
  }

  @Test("has its programs in a cache, and compiles anew what is damaged there")
  func cache() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "adabatch-cache-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let cache = ExecutableCache(in: folder)
    func files() throws -> [URL] {
      try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .sorted { $0.path < $1.path }
    }
    let first = try train(Self.biased, on: accelerator(cache: cache)).end
    let written = try files()
    // The updates of 8 images, their passes, forward and both, the evaluation, and what keeps the
    // best weights.
    #expect(written.count == 5)
    let content = try Data(contentsOf: written[0])
    try content.dropLast(20).write(to: written[0])
    let second = try train(Self.biased, on: accelerator(cache: cache)).end
    #expect(second.parameters == first.parameters)
    #expect(try files() == written)
    #expect(try Data(contentsOf: written[0]) == content)
  }

  @Test("is refused before it begins where an accelerator cannot make it")
  func refusals() throws {
    func problem(
      _ policy: (any BatchPolicy)? = nil, _ microBatch: Int? = nil, devices: Int = 1
    ) throws -> String? {
      #expect(throws: TrainingError.self) {
        try train(Self.biased, on: accelerator(devices: devices), microBatch, policy: policy)
      }?.problem
    }
    #expect(
      try problem(FixedBatch(batchSize: 7, changes: .every(1)), 3)?.contains("no whole") == true)
    let shared = try problem(devices: 3)
    #expect(shared?.contains("by 3 devices alike") == true)
    let many = #expect(throws: ExecutorError.self) { try accelerator(devices: 9) }
    #expect(many?.problem == "9 devices were asked for, and 3 are here")
  }
}

/// Says how the gradients of the last update differed.
private struct Watcher: MeasuringPolicy {
  var measures: Measures { .gradientNorms }
  var sizes: ClosedRange<Int> { 6...6 }

  func decision(for signals: Signals) -> BatchDecision {
    let norms = signals.history.updates.last?.gradients
    var evidence = Evidence(signal: "gradients")
    evidence.value = norms?.meanOfSquares
    evidence.lower = norms?.squareOfMean
    return BatchDecision(
      batchSize: 6, learningRateFactor: 1, reason: "watches", evidence: evidence)
  }
}

/// Images of 4 × 4 pixels, whose convolution is a product: jaxlib takes long for others in a loop.
private struct FewPixels: CompositeLayer {
  var layers: [any Layer] {
    MaxPool(2)
    MaxPool(2)
    MaxPool(2)
    Convolution(4, size: 5, padding: 2).named("a")
    BatchNorm().named("b")
    ReLU()
    Flatten()
    Dense(10).named("c")
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
