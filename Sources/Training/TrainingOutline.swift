import BatchPolicies
import Executors
import ImageData
import NetworkGraph
import Networks

/// A training as far as it is decided before an image is read: what it will do, with which graphs.
///
/// ``Trainer`` starts from one, and so does whoever plans a training, so both refuse the same.
public struct TrainingOutline: Sendable {
  public let images: DatasetOutline
  public let options: TrainingOptions
  public let policy: any BatchPolicy
  /// What people call it.
  public let policyName: String
  /// Policies that only watch.
  public let shadows: [NamedPolicy]
  /// What the policy will do.
  public let plan: BatchPlan
  public let classifier: ImageClassifier
  public let trainingGraph: Graph
  public let evaluationGraph: Graph
  /// The smallest and the largest batch size that the policy may decide upon.
  public let batchSizes: ClosedRange<Int>
  /// The most images that pass forward and backward together.
  public let largestMicroBatch: Int

  /// - Throws: ``TrainingError`` or `PolicyError` for settings that cannot be trained with,
  ///   `GraphError` for a network that does not fit the images, or not so few of them.
  public init(
    _ network: any Layer, _ images: DatasetOutline, policy: some BatchPolicy,
    named policyName: String? = nil, shadows: [NamedPolicy] = [],
    options: TrainingOptions = TrainingOptions()
  ) throws {
    try options.validate()
    self.images = images
    self.options = options
    self.policy = policy
    self.policyName = policyName ?? "\(type(of: policy))"
    self.shadows = shadows
    plan = try BatchPlan(
      policy: policy, epochs: options.epochs, imageCount: images.trainingCount,
      dropLast: options.dropLast)
    let batches = Self.batchSizes(policy, plan)
    batchSizes = batches
    try options.refuseMicroBatch(above: batches.lowerBound)
    for watching in shadows + [NamedPolicy(self.policyName, policy)] {
      try options.refuseSingleMicroBatch(in: batches.lowerBound, for: watching)
    }
    classifier = ImageClassifier(
      network, imageDimensions: images.imageDimensions, classes: images.classCount)
    trainingGraph = try classifier.trainingGraph()
    evaluationGraph = try classifier.evaluationGraph()
    let sizes = options.microBatchSizes(in: plan)
      .union([options.microBatchSize(in: batches.upperBound)])
    for size in sizes { try trainingGraph.verify(imageCount: size) }
    largestMicroBatch = sizes.max() ?? 1
  }

  /// The batch sizes that a policy may decide upon in a run.
  private static func batchSizes(
    _ policy: some BatchPolicy, _ plan: BatchPlan
  ) -> ClosedRange<Int> {
    let planned = plan.smallestBatch...plan.largestBatch
    if let replayed = policy as? ReplayedSchedule, let least = replayed.sizes.min() {
      return min(least, plan.imageCount)...min(replayed.sizes.max() ?? least, plan.imageCount)
    }
    guard let measuring = policy as? any MeasuringPolicy else { return planned }
    let sizes = measuring.sizes
    return min(sizes.lowerBound, plan.imageCount)...min(sizes.upperBound, plan.imageCount)
  }

  var namedPolicy: NamedPolicy { NamedPolicy(policyName, policy) }

  /// Images that are evaluated together.
  public var testBatch: Int { min(options.testBatch, images.testCount) }
}

extension BatchPlan {
  /// Images in the smallest full update of the run.
  public var smallestBatch: Int { phases.map(\.batchSize).min() ?? 1 }

  /// Images in the largest update of the run.
  public var largestBatch: Int { phases.map(\.batchSize).max() ?? 1 }
}

extension TrainingOutline {
  /// Compiles for as many images as will ever pass together, as a training does at its start.
  ///
  /// - Returns: bytes that the two programs work in.
  /// - Throws: `ExecutorError`, naming the options that help where memory is missing.
  public func reserve(
    on executor: any Executor<Float>
  ) throws -> (trainingBytes: Int, evaluationBytes: Int) {
    let training = try advising {
      try executor.compile(trainingGraph, imageCount: largestMicroBatch).memoryBytes
    }
    let evaluation = try executor.compile(evaluationGraph, imageCount: testBatch).memoryBytes
    return (training, evaluation)
  }

  /// Runs `body`, and adds to a lack of memory the options that make the training fit.
  ///
  /// - Parameter devices: that share each batch.
  func advising<Result>(_ devices: Int = 1, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ExecutorError {
      throw error.advising(smallestBatch: plan.smallestBatch, devices)
    }
  }
}

extension ExecutorError {
  /// The same, with the options that make a training fit into memory.
  ///
  /// - Parameter smallestBatch: no micro-batch may be larger than a device's share of it.
  fileprivate func advising(smallestBatch: Int, _ devices: Int) -> ExecutorError {
    guard let images = imagesThatFit else { return self }
    let share = smallestBatch / devices
    let microBatch = "--micro-batch \(min(images, share))"
    return ExecutorError(
      code, problem: "in training, " + problem,
      fix: images < share
        ? "use \(microBatch)"
        : "use \(microBatch), or let the batch grow to --max-batch \(images * devices)",
      imagesThatFit: images)
  }
}
