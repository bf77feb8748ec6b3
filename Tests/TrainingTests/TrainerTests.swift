import BatchPolicies
import ExecutorOneDNN
import Executors
import Foundation
import ImageData
import NetworkGraph
import Networks
import RunRecords
import TestSupport
import Testing
import Training

@Suite("Training", .serialized)
struct TrainerTests {
  @Test("learns: a growing batch on images that no linear model can tell apart")
  func learns() throws {
    let data = smallData(training: 2000, test: 500)
    let trainer = try Trainer(
      NormedNetwork(), data, policy: try growth(from: 32, to: 128, every: 4), executor: oneDNN,
      options: TrainingOptions(epochs: 12, learningRate: 0.05))
    var records: [EpochRecord] = []
    try trainer.train { records.append($0) }
    let last = try #require(records.last)
    #expect(records.map(\.batchSize) == [32, 32, 32, 32, 64, 64, 64, 64, 128, 128, 128, 128])
    #expect(last.trainLoss < 0.7 * records[0].trainLoss)
    #expect(last.bestAccuracy > 40)
  }

  @Test("memory that is missing is refused with options that the plan allows", arguments: [16, 64])
  func outOfMemory(imagesThatFit: Int) throws {
    let error = #expect(throws: ExecutorError.self) {
      try Trainer(
        NormedNetwork(), smallData(training: 2000, test: 500),
        policy: try growth(from: 32, to: 128, every: 4),
        executor: SmallExecutor(imagesThatFit: imagesThatFit),
        options: TrainingOptions(epochs: 12))
    }
    let fix =
      imagesThatFit == 16
      ? "use --micro-batch 16" : "use --micro-batch 32, or let the batch grow to --max-batch 64"
    #expect(error?.fix == fix)
  }

  @Test("two runs of one seed give the same bits, another seed does not")
  func sameBits() throws {
    let options = TrainingOptions(epochs: 2, seed: 9)
    func run(_ seed: UInt64) throws -> [Float] {
      var options = options
      options.seed = seed
      return try trained(
        NormedNetwork(), smallData(), try growth(from: 50, to: 100), options,
        on: OneDNNExecutor(threads: 2))
    }
    let first = try run(9)
    #expect(try run(9) == first)
    #expect(try run(10) != first)
  }

  @Test(
    "two runs in bf16 give the same bits, which are not those of f32",
    .enabled(if: OneDNNLibrary.hasNativeBF16, "this CPU has no bf16"))
  func sameBitsInBF16() throws {
    func run(_ precision: Precision) throws -> [Float] {
      try trained(
        NormedNetwork(), smallData(), try growth(from: 50, to: 100), TrainingOptions(epochs: 2),
        on: OneDNNExecutor(threads: 1, precision: precision))
    }
    let first = try run(.bf16)
    #expect(try run(.bf16) == first)
    #expect(try run(.f32) != first)
  }

  @Test("the records count what was done, and the decisions say why")
  func records() throws {
    let trainer = try Trainer(
      PlainNetwork(), smallData(training: 130, test: 30), policy: try growth(from: 32, to: 64),
      executor: oneDNN, options: TrainingOptions(epochs: 3, testBatch: 7))
    var records: [EpochRecord] = []
    var decisions: [DecisionRecord] = []
    try trainer.train(
      onEpoch: { records.append($0) }, onDecision: { decisions.append($0) })
    #expect(records.map(\.epoch) == [1, 2, 3])
    #expect(records.map(\.batchSize) == [32, 64, 64])
    #expect(records.map(\.updates) == [5, 8, 11])
    #expect(records.map(\.samplesSeen) == [130, 260, 390])
    #expect(decisions.map(\.batchSize) == [32, 64, 64])
    #expect(decisions.allSatisfy { !$0.reason.isEmpty })
    #expect(records.allSatisfy { $0.testAccuracy <= $0.bestAccuracy && $0.imagesPerSecond > 0 })
  }

  @Test("an incomplete last batch is dropped when asked")
  func dropsLast() throws {
    let trainer = try Trainer(
      PlainNetwork(), smallData(training: 130, test: 30), policy: try growth(from: 32, to: 64),
      executor: oneDNN, options: TrainingOptions(epochs: 2, dropLast: true))
    var records: [EpochRecord] = []
    try trainer.train { records.append($0) }
    #expect(records.map(\.updates) == [4, 6])
    #expect(records.map(\.samplesSeen) == [128, 256])
  }

  @Test("accumulated micro-batches equal one batch where images do not see each other")
  func accumulation() throws {
    let graph = try ImageClassifier(PlainNetwork(), imageDimensions: [3, 32, 32], classes: 10)
      .trainingGraph()
    let sample = SampleFeed(for: graph, imageCount: 7)
    let whole = try update(graph, sample, microBatches: [7])
    #expect(relativeDistance(try update(graph, sample, microBatches: [4, 3]), whole) < 1e-13)
    #expect(relativeDistance(try update(graph, sample, microBatches: [2, 2, 2, 1]), whole) < 1e-13)
    // The control: shares that are not those of the images do not pass.
    let wrong = try update(graph, sample, microBatches: [4, 3], share: 0.5)
    #expect(relativeDistance(wrong, whole) > 1e-6)
  }

  @Test("a loss that is not finite stops the run before weights or statistics are touched")
  func divergence() throws {
    let graph = try ImageClassifier(NormedNetwork(), imageDimensions: [3, 32, 32], classes: 10)
      .trainingGraph()
    let learner = Learner(
      graph, oneDNN, parameters: graph.initialParameters(seed: 1),
      optimizer: SGD(momentum: 0.9, weightDecay: 0, parameterCount: graph.parameterCount))
    let images = Buffer(repeating: Float(0.5), count: 2 * 3072)
    let labels = Buffer<Int32>([1, 2])
    let before = learner.weights.parameters.elements + learner.weights.statistics.elements
    learner.beginUpdate()
    func accumulate() throws {
      _ = try withExtendedLifetime((images, labels)) {
        try learner.accumulate(
          images: images.pointer, labels: labels.pointer, count: 2, share: 0.5)
      }
    }
    try accumulate()
    images.pointer[17] = .nan
    let error = #expect(throws: TrainingError.self) { try accumulate() }
    #expect(error?.code == .diverged)
    #expect(learner.weights.parameters.elements + learner.weights.statistics.elements == before)
    #expect(learner.microBatchesTracked == 0)
  }

  @Test("a gradient that is not finite is not applied, though a ReLU hides it from the loss")
  func hiddenDivergence() throws {
    let graph = try ImageClassifier(PlainNetwork(), imageDimensions: [3, 32, 32], classes: 10)
      .trainingGraph()
    var parameters = graph.initialParameters(seed: 1)
    // The first convolution overflows to infinity; a ReLU behind the second one drops the NaN.
    for index in graph.parameters[0].range { parameters[index] *= 1e38 }
    let learner = Learner(
      graph, oneDNN, parameters: parameters,
      optimizer: SGD(momentum: 0.9, weightDecay: 0, parameterCount: graph.parameterCount))
    let images = Buffer(repeating: Float(50), count: 2 * 3072)
    let labels = Buffer<Int32>([1, 2])
    let error = #expect(throws: TrainingError.self) {
      try withExtendedLifetime((images, labels)) {
        learner.beginUpdate()
        _ = try learner.accumulate(
          images: images.pointer, labels: labels.pointer, count: 2, share: 1)
        try learner.finishUpdate(learningRate: 0.1)
      }
    }
    #expect(error?.code == .diverged)
    #expect(learner.weights.parameters.elements == parameters)
  }

  @Test("a rate that is far too high ends as divergence, with the place")
  func tooHighRate() throws {
    let trainer = try Trainer(
      PlainNetwork(), smallData(), policy: try growth(from: 32, to: 64), executor: oneDNN,
      options: TrainingOptions(epochs: 3, learningRate: 1e6))
    let error = #expect(throws: TrainingError.self) { try trainer.train() }
    #expect(error?.code == .diverged)
    #expect(error?.problem.hasPrefix("epoch 1, update ") == true)
  }

  @Test("a fixed micro-batch gives batch norm the same statistics through the growth")
  func microBatchRecord() throws {
    let trainer = try Trainer(
      NormedNetwork(), smallData(), policy: try growth(from: 50, to: 200), executor: oneDNN,
      options: TrainingOptions(epochs: 3, microBatch: .images(50)))
    var records: [EpochRecord] = []
    try trainer.train { records.append($0) }
    #expect(records.map(\.batchSize) == [50, 100, 200])
    #expect(records.map(\.microBatch) == [50, 50, 50])
    #expect(trainer.learner.microBatchesTracked == 3 * 8)
  }

  @Test("a trainer's micro-batches give the weights of whole batches, short last ones included")
  func accumulationInTraining() throws {
    let data = smallData(training: 130, test: 30)
    func run(_ microBatch: TrainingSettings.MicroBatch) throws -> [Double] {
      var options = TrainingOptions(epochs: 2, learningRate: 0.05)
      options.microBatch = microBatch
      return try trained(PlainNetwork(), data, try growth(from: 32, to: 64), options)
        .map { Double($0) }
    }
    let whole = try run(.batch)
    #expect(relativeDistance(try run(.images(24)), whole) < 1e-5)
    #expect(relativeDistance(try run(.images(1)), whole) < 1e-5)
  }

  @Test("losses and accuracies are those of the images, counted apart")
  func scores() throws {
    let data = smallData(training: 50, test: 30)
    let trainer = try Trainer(
      PlainNetwork(), data, policy: FixedBatch(batchSize: 16, interval: 1), executor: oneDNN,
      // So small a rate changes no weight, so the loss is that of the first weights.
      options: TrainingOptions(epochs: 1, learningRate: 1e-30, testBatch: 7, seed: 3))
    var record: EpochRecord?
    try trainer.train { record = $0 }
    let ours = try #require(record)
    let training = try score(trainer, data.training, data, .reference)
    let test = try score(trainer, data.test, data, .none)
    #expect(abs(ours.trainLoss - training.loss) < 1e-5)
    #expect(abs(ours.testLoss - test.loss) < 1e-5)
    #expect(abs(ours.trainAccuracy - training.accuracy) < 1e-9)
    #expect(abs(ours.testAccuracy - test.accuracy) < 1e-9)
    let parts = [
      ours.forwardSeconds, ours.backwardSeconds, ours.updateSeconds, ours.dataSeconds,
      ours.switchSeconds,
    ]
    #expect(parts.allSatisfy { $0 > 0 })
    #expect(parts.reduce(0, +) <= ours.epochSeconds)
  }

  @Test("a last batch of one image, where batch norm sees one pixel, is refused before the start")
  func oneValue() throws {
    let options = TrainingOptions(epochs: 1)
    func trainer(_ imageCount: Int, _ options: TrainingOptions) throws -> Trainer {
      try Trainer(
        OnePixelNetwork(), smallData(training: imageCount),
        policy: FixedBatch(batchSize: 32, interval: 1), executor: oneDNN, options: options)
    }
    #expect(throws: GraphError.self) { try trainer(65, options) }
    _ = try trainer(66, options)
    var dropping = options
    dropping.dropLast = true
    _ = try trainer(65, dropping)
  }

  @Test("a micro-batch larger than a batch is refused")
  func tooLargeMicroBatch() throws {
    let error = #expect(throws: TrainingError.self) {
      try Trainer(
        PlainNetwork(), smallData(), policy: try growth(from: 32, to: 64), executor: oneDNN,
        options: TrainingOptions(epochs: 1, microBatch: .images(33)))
    }
    #expect(error?.problem == "--micro-batch is 33, but the smallest batch has 32 images")
  }

  @Test("the model has PyTorch's names, counters included")
  func model() throws {
    let trainer = try Trainer(
      NormedNetwork(), smallData(training: 100), policy: try growth(from: 50, to: 100),
      executor: oneDNN, options: TrainingOptions(epochs: 1))
    try trainer.train()
    let model = try trainer.model()
    #expect(
      Set(model.tensors.map(\.name)) == [
        "first.weight", "first.bias", "firstNorm.weight", "firstNorm.bias",
        "firstNorm.running_mean", "firstNorm.running_var", "firstNorm.num_batches_tracked",
        "second.weight", "second.bias", "secondNorm.weight", "secondNorm.bias",
        "secondNorm.running_mean", "secondNorm.running_var", "secondNorm.num_batches_tracked",
        "last.weight", "last.bias",
      ])
    let counter = model.tensors.first { $0.name == "firstNorm.num_batches_tracked" }
    #expect(counter?.values == .int64([2]))
  }

  /// Mean loss and accuracy of all images at once, on the reference executor.
  private func score(
    _ trainer: Trainer, _ set: LabelledImages, _ data: Dataset, _ augmentation: Augmentation
  ) throws -> (loss: Double, accuracy: Double) {
    let count = set.imageCount
    let graph = try ImageClassifier(PlainNetwork(), imageDimensions: [3, 32, 32], classes: 10)
      .evaluationGraph()
    var sample = SampleFeed(for: graph, imageCount: count)
    sample.parameters = trainer.learner.weights.parameters.elements.map { Double($0) }
    let images = Buffer(repeating: Float(0), count: count * 3072)
    let labels = Buffer(repeating: Int32(0), count: count)
    BatchWriter(
      images: set, normalization: data.normalization, augmentation: augmentation, seed: 3
    )
    .write(Array(0..<count)[...], epoch: 0, images: images.pointer, labels: labels.pointer)
    sample.inputs[ImageClassifier.imagesInput] = images.elements.map { Double($0) }
    sample.labels = labels.elements
    let outputs = try outcome(
      of: graph, on: ReferenceExecutor<Double>(), imageCount: count, feeding: sample
    ).outputs
    let losses = outputs[ImageClassifier.lossesOutput] ?? []
    let logits = outputs[ImageClassifier.logitsOutput] ?? []
    let correct = (0..<count).filter { image in
      let row = Array(logits[image * 10..<image * 10 + 10])
      return row.firstIndex(of: row.max() ?? 0) == Int(sample.labels[image])
    }
    return (
      losses.reduce(0, +) / Double(count), 100 * Double(correct.count) / Double(count)
    )
  }

  /// The weights after one update of 7 images in micro-batches, in Double.
  private func update(
    _ graph: Graph, _ sample: SampleFeed, microBatches: [Int], share: Double? = nil
  ) throws -> [Double] {
    let learner = Learner(
      graph, ReferenceExecutor<Double>(), parameters: sample.parameters,
      optimizer: SGD(momentum: 0.9, weightDecay: 5e-4, parameterCount: graph.parameterCount))
    let images = Buffer(sample.inputs[ImageClassifier.imagesInput] ?? [])
    let labels = Buffer(sample.labels)
    var first = 0
    learner.beginUpdate()
    for count in microBatches {
      _ = try withExtendedLifetime((images, labels)) {
        try learner.accumulate(
          images: images.pointer + first * 3072, labels: labels.pointer + first, count: count,
          share: share ?? Double(count) / 7)
      }
      first += count
    }
    try learner.finishUpdate(learningRate: 0.1)
    return learner.weights.parameters.elements
  }
}

/// An executor that has not the memory for anything.
private struct SmallExecutor: Executor {
  let name = "small"
  let imagesThatFit: Int

  func compile(_ graph: Graph, imageCount: Int) throws -> any Program<Float> {
    throw ExecutorError(
      .outOfMemory, problem: "too many", fix: "fewer", imagesThatFit: imagesThatFit)
  }
}
