import BatchPolicies
import Dispatch
import Executors
import ImageData
import NetworkGraph
import Networks

/// A training carried to an accelerator: makes updates there, and keeps a learner's weights and
/// momentum in step where somebody looks at them.
///
/// Of several ranks each has devices, and all make the same calls; rank 0 decides what they cannot
/// find out alike.
final class CarriedWork {
  let device: any DeviceTraining
  let learner: Learner<Float>
  let dataset: Dataset
  private let seed: UInt64
  private let outline: TrainingOutline
  /// Of all ranks.
  private let devices: Int
  /// Which of the two states is the newer one.
  private var newer = Side.learner
  private var pace: [DeviceBatch: Double] = [:]
  /// Seconds of an update's passes, forward and both.
  private var passes: [DeviceBatch: PassSeconds] = [:]
  private var bestMicroBatches = 0

  private enum Side { case learner, device, neither }

  /// Seconds that one call may take: signals, records and decisions wait so long.
  private static let secondsInCall = 0.5

  /// Carries images to the device, and compiles for every batch of the plan.
  ///
  /// - Throws: `ExecutorError`, ``TrainingError`` with code `impossibleSetting` for what accelerators
  ///   cannot do.
  init(
    _ outline: TrainingOutline, _ dataset: Dataset, _ learner: Learner<Float>,
    _ accelerator: any Accelerator
  ) throws {
    (self.learner, self.dataset, self.outline) = (learner, dataset, outline)
    seed = outline.options.seed
    devices = accelerator.deviceCount * outline.options.ranks
    try outline.check(on: accelerator)
    let batches = try outline.deviceBatches(on: accelerator)
    let carried = CarriedTraining(
      outline.trainingGraph, outline.evaluationGraph, dataset,
      training: CarriedTraining.Images(dataset.training), momentum: outline.options.momentum,
      weightDecay: outline.options.weightDecay)
    // Rank 0 compiles for all, who would wait for it in vain where it cannot.
    let device = try learner.ranks.together { try accelerator.prepare(carried) }
    self.device = device
    try outline.advising(devices) { try device.reserve(batches) }
    try carryOver()
    for batch in batches { try measurePasses(of: batch) }
  }

  /// Compiles for a batch that was not planned, on all ranks: none of them is asked to stop meanwhile.
  private func prepare(_ batch: DeviceBatch) throws {
    if passes[batch] != nil { return }
    try outline.trainingGraph.verify(imageCount: batch.group)
    try meeting {
      try learner.watch.time(\.switching) {
        try outline.advising(devices) { try device.reserve([batch]) }
        try measurePasses(of: batch)
      }
    }
  }

  private func measurePasses(of batch: DeviceBatch) throws {
    do {
      passes[batch] = try device.passSeconds(batch)
    } catch let error as ExecutorError where error.code == .outOfMemory {
      // The updates themselves may fit: they write over what they read.
      passes[batch] = PassSeconds(forward: 0, both: 0)
    }
  }

  /// Says that the learner's weights or momentum were changed here.
  func markChanged() { newer = .learner }

  /// Gives the learner what has become of its weights and momentum.
  func bringBack() throws {
    guard newer == .device else { return }
    let state = try device.state()
    learner.weights.parameters.fill(state.parameters)
    learner.weights.statistics.fill(state.statistics)
    learner.optimizer.velocity.fill(state.velocity)
    learner.weights.markChanged()
    newer = .neither
  }

  /// Remembers the weights as those of the best epoch, where they are.
  func keepBest() throws {
    try carryOver()
    try device.keep()
    bestMicroBatches = learner.microBatchesTracked
  }

  /// The weights of the best epoch and the micro-batches in their statistics; nil where that epoch
  /// was before the training was carried over.
  func best() throws -> (weights: Weights<Float>, microBatches: Int)? {
    try device.kept().map {
      (Weights(parameters: $0.parameters, statistics: $0.statistics), bestMicroBatches)
    }
  }

  func carryOver() throws {
    guard newer == .learner else { return }
    try device.load(
      DeviceState(
        parameters: learner.weights.parameters.elements,
        velocity: learner.optimizer.velocity.elements,
        statistics: learner.weights.statistics.elements))
    newer = .neither
  }

  /// Full updates that one call may make, by what they took so far on rank 0.
  func updatesInCall(of batchSize: Int) throws -> Int {
    let own = pace[batch(batchSize)].map { max(1, Int(Self.secondsInCall / max($0, 1e-6))) } ?? 8
    if learner.ranks.count == 1 { return own }
    return try learner.watch.time(\.communication) { try learner.ranks.share(own) }
  }

  private func batch(_ images: Int) -> DeviceBatch { outline.deviceBatch(images, devices) }

  /// Makes updates with images of an epoch, `batchSize` of them in each.
  func update(
    with images: ArraySlice<Int>, batchSize: Int, epoch: Int, rate: Double
  ) throws -> DeviceUpdates {
    // All ranks go into the call, or none.
    try meeting {
      try learner.stop.check()
      try outline.refuseUnequalShares(of: batchSize, devices)
      try learner.watch.time(\.data) { try carryOver() }
    }
    try prepare(batch(batchSize))
    let choices = learner.watch.time(\.data) { self.choices(images, epoch) }
    let start = ContinuousClock.now
    let made = try endingAll { try device.update(choices, batch(batchSize), rate: rate) }
    try compare(made.squaredLength)
    newer = .device
    let seconds = ContinuousClock.now.seconds(since: start)
    let each = seconds / Double(images.count / batchSize)
    count(seconds, of: batch(batchSize), each: each)
    // The first call of a size is slower than those behind it.
    pace[batch(batchSize)] = min(pace[batch(batchSize)] ?? each, each)
    learner.count(microBatches: made.made.count * (batchSize / batch(batchSize).group))
    return made
  }

  /// Shares the seconds of a call among the parts of its updates.
  private func count(_ seconds: Double, of batch: DeviceBatch, each: Double) {
    let passes = passes[batch] ?? PassSeconds(forward: 0, both: 0)
    let parts = passes.parts(of: seconds, update: each)
    learner.watch.forward += parts.forward
    learner.watch.backward += parts.backward
    learner.watch.update += parts.update
  }

  /// How the gradients of an update's micro-batches differ; nil where that was not asked for.
  func norms(_ made: DeviceUpdates.Update, of images: Int) -> GradientNorms? {
    made.lengths.map {
      GradientNorms(
        microBatches: images / batch(images).group, meanOfSquares: $0.meanOfSquares,
        squareOfMean: $0.squareOfMean)
    }
  }

  /// What the CPU would show: the same functions of seed, epoch and image.
  private func choices(_ images: ArraySlice<Int>, _ epoch: Int) -> [ImageChoice] {
    let nothing = ImageChoice(image: 0, down: 0, right: 0, mirrored: false)
    var choices = Array(repeating: nothing, count: images.count)
    let (seed, parts) = (seed, 16)
    choices.withUnsafeMutableBufferPointer { choices in
      nonisolated(unsafe) let target = choices
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        for place in images.count * part / parts..<images.count * (part + 1) / parts {
          let index = images[images.startIndex + place]
          let view = Augmentation.reference.view(seed: seed, epoch: epoch, index: index)
          target[place] = ImageChoice(
            image: index, down: view.down, right: view.right, mirrored: view.mirrored)
        }
      }
    }
    return choices
  }
}

extension CarriedTraining {
  init(
    _ trainingGraph: Graph, _ evaluationGraph: Graph, _ dataset: Dataset, training: Images,
    momentum: Double = 0, weightDecay: Double = 0
  ) {
    self.init(
      trainingGraph: trainingGraph, evaluationGraph: evaluationGraph,
      outputs: (ImageClassifier.logitsOutput, ImageClassifier.lossesOutput),
      training: training, test: Images(dataset.test),
      mean: dataset.normalization.mean.map(Double.init),
      deviation: dataset.normalization.deviation.map(Double.init), momentum: momentum,
      weightDecay: weightDecay)
  }
}

extension CarriedTraining.Images {
  /// The images pixel by pixel: what a convolution reads together lies together.
  init(_ images: LabelledImages) {
    let (channels, pixels) = (images.channels, images.height * images.width)
    let count = images.imageCount
    let bytes = [UInt8](unsafeUninitializedCapacity: count * channels * pixels) { target, written in
      for image in 0..<count {
        images.withPixels(of: image) { planes in
          let first = image * channels * pixels
          for channel in 0..<channels {
            for pixel in 0..<pixels {
              target[first + pixel * channels + channel] = planes[channel * pixels + pixel]
            }
          }
        }
      }
      written = count * channels * pixels
    }
    self.init(pixels: bytes, labels: (0..<count).map { Int32(images.label(of: $0)) })
  }
}
