import BatchPolicies
import RunRecords

/// How to train, apart from what and with which policy.
///
/// The defaults are the reference recipe.
public struct TrainingOptions: Sendable, Equatable {
  public var epochs: Int
  /// The rate that the policy's factors multiply.
  public var learningRate: Double
  public var momentum: Double
  /// On all parameters.
  public var weightDecay: Double
  public var microBatch: TrainingSettings.MicroBatch
  /// Bytes of memory that ``microBatch`` was chosen for; nil where it was given.
  public var memoryBudget: Int?
  /// Processes that share each update.
  public var ranks: Int
  /// Images that are evaluated together.
  public var testBatch: Int
  /// Whether an incomplete last batch of an epoch is left out.
  public var dropLast: Bool
  /// Of initial weights, orders, crops and flips.
  public var seed: UInt64
  /// Updates after which a policy that measures is asked, beside each start of an epoch; nil for
  /// those alone.
  public var decideEvery: Int?
  /// Images after a growth over which it may be taken back; nil for no guard.
  public var guardWindow: Int?

  public init(
    epochs: Int = 100, learningRate: Double = 0.01, momentum: Double = 0.9,
    weightDecay: Double = 5e-4, microBatch: TrainingSettings.MicroBatch = .batch,
    memoryBudget: Int? = nil, ranks: Int = 1, testBatch: Int = 200, dropLast: Bool = false,
    seed: UInt64 = 1,
    decideEvery: Int? = nil, guardWindow: Int? = nil
  ) {
    self.epochs = epochs
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.microBatch = microBatch
    self.memoryBudget = memoryBudget
    self.ranks = ranks
    self.testBatch = testBatch
    self.dropLast = dropLast
    self.seed = seed
    self.decideEvery = decideEvery
    self.guardWindow = guardWindow
  }

  /// The learning rate of each update in a phase.
  public func rate(in phase: Phase) -> Double { learningRate * phase.learningRateFactor }

  /// Images that pass together in an update of `batchSize` images.
  public func microBatchSize(in batchSize: Int) -> Int {
    switch microBatch {
    case .batch: (batchSize + ranks - 1) / ranks
    case .part(let count): (batchSize + count - 1) / count
    case .images(let count): min(count, batchSize)
    }
  }

  /// Which of the micro-batches of an update of `batchSize` images each rank passes.
  public func shares(of batchSize: Int) -> MicroBatchShares {
    let size = microBatchSize(in: batchSize)
    return MicroBatchShares(count: (batchSize + size - 1) / size, ranks: ranks)
  }

  /// Why the micro-batch is what it is; nil where it was given.
  public var microBatchReason: String? {
    memoryBudget.map { "micro-batch \(microBatch.text) by rule, for \($0 >> 20) MB of memory" }
  }

  /// Every number of images that will pass together in a run, short last ones included.
  func microBatchSizes(in plan: BatchPlan) -> Set<Int> {
    var sizes: Set<Int> = []
    for phase in plan.phases {
      let last = dropLast ? 0 : plan.imageCount % phase.batchSize
      for batch in [phase.batchSize, last] where batch > 0 {
        let size = microBatchSize(in: batch)
        sizes.formUnion([size, batch % size])
      }
    }
    return sizes.subtracting([0])
  }

  /// - Throws: ``TrainingError`` with code `impossibleSetting`.
  package func validate() throws(TrainingError) {
    try require(epochs >= 1, "--epochs", epochs, "1 or more")
    try require(decideEvery ?? 1 >= 1, "--decide-every", decideEvery ?? 1, "1 update or more")
    try require(guardWindow ?? 1 >= 1, "--guard-window", guardWindow ?? 1, "1 image or more")
    try require(testBatch >= 1, "--test-batch", testBatch, "1 or more")
    try require(
      learningRate > 0 && learningRate.isFinite, "--learning-rate", learningRate,
      "a finite number above 0")
    try require(0 <= momentum && momentum < 1, "--momentum", momentum, "at least 0 and below 1")
    try require(
      weightDecay >= 0 && weightDecay.isFinite, "--weight-decay", weightDecay,
      "a finite number, 0 or more")
    switch microBatch {
    case .batch: break
    case .images(let count):
      try require(count >= 1, "--micro-batch", count, "1 or more, or the word batch")
    case .part(let count):
      try require(
        count >= 1, "--micro-batch", microBatch.text, "a part of the batch: batch/2 is half of it")
    }
  }

  /// A micro-batch that is larger than a batch would not be what the run has, nor be fixed.
  func refuseMicroBatch(above batchSize: Int) throws(TrainingError) {
    guard case .images(let count) = microBatch, count > batchSize else { return }
    throw TrainingError(
      .impossibleSetting,
      problem: "--micro-batch is \(count), but the smallest batch has \(batchSize) images",
      fix: "use a --micro-batch of at most \(batchSize), or a larger --batch-size")
  }

  /// Noise is what differs between the micro-batches of an update.
  func refuseSingleMicroBatch(in batchSize: Int, for policy: NamedPolicy) throws(TrainingError) {
    guard policy.measures.contains(.gradientNorms), shares(of: batchSize).count < 2 else { return }
    throw TrainingError(
      .impossibleSetting,
      problem: "the policy \(policy.name) compares the gradients of an update's micro-batches, and"
        + " an update of \(batchSize) images is one of \(microBatchSize(in: batchSize))",
      fix: batchSize < 2
        ? "use a --batch-size of 2 or more"
        : "use a --micro-batch of at most \(batchSize / 2), such as \(max(1, batchSize / 4))")
  }

  private func require(
    _ holds: Bool, _ option: String, _ value: some Any, _ needs: String
  ) throws(TrainingError) {
    if holds { return }
    throw TrainingError(
      .impossibleSetting, problem: "\(option) is \(value), but needs to be \(needs)",
      fix: "change \(option), or leave it out for the reference recipe's value")
  }
}
