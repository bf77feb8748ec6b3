/// The settings of a run with every default filled in, named as the tool's options are.
public struct TrainingSettings: Codable, Sendable, Equatable {
  /// How many images pass forward and backward together.
  public enum MicroBatch: Sendable, Hashable {
    /// As many as are in a rank's share of the update: the paper's physical growth. Written `batch`.
    case batch
    /// That many for the whole run, and gradients are accumulated.
    case images(Int)
    /// That part of an update, rounded up: the physical growth of so many ranks. Written `batch/3`.
    case part(Int)
  }

  public var dataset: String
  /// The folder or archive of the images, from the root in a run's record; nil for images that are
  /// made up.
  public var data: String?
  public var network: String
  public var classes: Int
  public var policy: String
  public var epochs: Int
  /// Images in one weight update at the start, over all ranks.
  public var batchSize: Int
  /// Images that are evaluated together.
  public var testBatch: Int
  /// nil where the policy does not grow the batch.
  public var growthFactor: Double?
  /// Epochs between changes of batch size and learning rate; nil where there are milestones.
  public var growthInterval: Int?
  /// The epochs after which batch size and learning rate change; nil where there is an interval.
  public var milestones: [Int]?
  /// The epochs after which the rate changes; nil where it does so with the batch.
  public var rateMilestones: [Int]?
  /// nil where the policy does not grow the batch.
  public var maxBatch: Int?
  /// The initial rate, before a warm-up scales it.
  public var learningRate: Double
  /// What each change multiplies the rate by.
  public var decay: Double
  /// How the rate follows a batch size that is measured; nil where the policy plans both.
  public var coupling: String?
  /// Updates after which a policy that measures is asked, beside each start of an epoch.
  public var decideEvery: Int?
  /// The smallest size that a policy which measures may decide upon; nil where it measures nothing.
  public var minBatch: Int?
  /// Decisions after a change in which nothing changes; nil where nothing is measured.
  public var cooldown: Int?
  /// By what share a size has to be passed before it is taken; nil where nothing is measured.
  public var hysteresis: Double?
  /// Decisions without progress that are a plateau; nil for other policies.
  public var patience: Int?
  /// What the policy compares its signal with; nil where it compares it with nothing.
  public var threshold: Double?
  /// The half-width of a confidence interval, as a share of the value, up to which it is believed.
  public var maxInterval: Double?
  /// Policies that only watch.
  public var shadow: [String]?
  /// Whether growth that makes the loss clearly worse is taken back.
  public var guardsGrowth: Bool?
  /// Images after a growth over which it is judged; nil without a guard.
  public var guardWindow: Int?
  /// The directory of the run whose decisions are repeated.
  public var replay: String?
  /// Epochs in which the rate climbs to the scaled one; nil for no warm-up.
  public var warmup: Int?
  /// The batch size that the initial rate was chosen for; nil for no warm-up.
  public var baselineBatch: Int?
  public var momentum: Double
  public var weightDecay: Double
  public var microBatch: MicroBatch
  /// Bytes of memory that ``microBatch`` was chosen for, by rule; nil where it was given.
  public var memoryBudget: Int?
  /// Whether a last batch that is not full is left out.
  public var dropLast: Bool
  public var seed: UInt64
  public var threads: Int
  /// Of activations and what they are multiplied by, `f32`, `tf32` or `bf16`; nil in records from before there was a
  /// choice, which are of f32.
  public var precision: String?
  /// What trains, as `--device` names it; nil for processors.
  public var device: String?
  /// Devices that share each update; nil for processors, and for one.
  public var devices: Int?

  public init(
    dataset: String, data: String?, network: String, classes: Int, policy: String, epochs: Int,
    batchSize: Int, testBatch: Int, growthFactor: Double?, growthInterval: Int?,
    milestones: [Int]? = nil, rateMilestones: [Int]? = nil, maxBatch: Int?, learningRate: Double,
    decay: Double, coupling: String? = nil, decideEvery: Int? = nil, minBatch: Int? = nil,
    cooldown: Int? = nil, hysteresis: Double? = nil, patience: Int? = nil,
    threshold: Double? = nil, maxInterval: Double? = nil, shadow: [String]? = nil,
    guardsGrowth: Bool? = nil, guardWindow: Int? = nil, replay: String? = nil,
    warmup: Int? = nil, baselineBatch: Int? = nil, momentum: Double,
    weightDecay: Double, microBatch: MicroBatch, memoryBudget: Int? = nil, dropLast: Bool,
    seed: UInt64,
    threads: Int, precision: String? = nil, device: String? = nil, devices: Int? = nil
  ) {
    self.dataset = dataset
    self.data = data
    self.network = network
    self.classes = classes
    self.policy = policy
    self.epochs = epochs
    self.batchSize = batchSize
    self.testBatch = testBatch
    self.growthFactor = growthFactor
    self.growthInterval = growthInterval
    self.milestones = milestones
    self.rateMilestones = rateMilestones
    self.maxBatch = maxBatch
    self.learningRate = learningRate
    self.decay = decay
    self.coupling = coupling
    self.decideEvery = decideEvery
    self.minBatch = minBatch
    self.cooldown = cooldown
    self.hysteresis = hysteresis
    self.patience = patience
    self.threshold = threshold
    self.maxInterval = maxInterval
    self.shadow = shadow
    self.guardsGrowth = guardsGrowth
    self.guardWindow = guardWindow
    self.replay = replay
    self.warmup = warmup
    self.baselineBatch = baselineBatch
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.microBatch = microBatch
    self.memoryBudget = memoryBudget
    self.dropLast = dropLast
    self.seed = seed
    self.threads = threads
    self.precision = precision
    self.device = device
    self.devices = devices
  }
}

extension TrainingSettings {
  // The names of the tool's options: one vocabulary for the command line, a file of settings, the
  // environment, a run's record, and what is said of changes.
  enum CodingKeys: String, CodingKey {
    case dataset, data, network, classes, policy, epochs
    case batchSize = "batch-size"
    case testBatch = "test-batch"
    case growthFactor = "growth-factor"
    case growthInterval = "growth-interval"
    case milestones
    case rateMilestones = "rate-milestones"
    case maxBatch = "max-batch"
    case learningRate = "learning-rate"
    case decay, coupling
    case decideEvery = "decide-every"
    case minBatch = "min-batch"
    case cooldown, hysteresis, patience, threshold
    case maxInterval = "max-interval"
    case shadow
    case guardsGrowth = "guard"
    case guardWindow = "guard-window"
    case replay, warmup
    case baselineBatch = "baseline-batch"
    case momentum
    case weightDecay = "weight-decay"
    case microBatch = "micro-batch"
    case memoryBudget = "memory-budget"
    case dropLast = "drop-last"
    case seed, threads, precision, device, devices
  }

  // As synthesised, but for the exact numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(dataset, forKey: .dataset)
    try container.encodeIfPresent(data, forKey: .data)
    try container.encode(network, forKey: .network)
    try container.encode(classes, forKey: .classes)
    try container.encode(policy, forKey: .policy)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(batchSize, forKey: .batchSize)
    try container.encode(testBatch, forKey: .testBatch)
    try container.encodeIfPresent(growthFactor.map(ExactNumber.init), forKey: .growthFactor)
    try container.encodeIfPresent(growthInterval, forKey: .growthInterval)
    try container.encodeIfPresent(milestones, forKey: .milestones)
    try container.encodeIfPresent(rateMilestones, forKey: .rateMilestones)
    try container.encodeIfPresent(maxBatch, forKey: .maxBatch)
    try container.encode(ExactNumber(learningRate), forKey: .learningRate)
    try container.encode(ExactNumber(decay), forKey: .decay)
    try container.encodeIfPresent(coupling, forKey: .coupling)
    try container.encodeIfPresent(decideEvery, forKey: .decideEvery)
    try container.encodeIfPresent(minBatch, forKey: .minBatch)
    try container.encodeIfPresent(cooldown, forKey: .cooldown)
    try container.encodeIfPresent(hysteresis.map(ExactNumber.init), forKey: .hysteresis)
    try container.encodeIfPresent(patience, forKey: .patience)
    try container.encodeIfPresent(threshold.map(ExactNumber.init), forKey: .threshold)
    try container.encodeIfPresent(maxInterval.map(ExactNumber.init), forKey: .maxInterval)
    try container.encodeIfPresent(shadow, forKey: .shadow)
    try container.encodeIfPresent(guardsGrowth, forKey: .guardsGrowth)
    try container.encodeIfPresent(guardWindow, forKey: .guardWindow)
    try container.encodeIfPresent(replay, forKey: .replay)
    try container.encodeIfPresent(warmup, forKey: .warmup)
    try container.encodeIfPresent(baselineBatch, forKey: .baselineBatch)
    try container.encode(ExactNumber(momentum), forKey: .momentum)
    try container.encode(ExactNumber(weightDecay), forKey: .weightDecay)
    try container.encode(microBatch, forKey: .microBatch)
    try container.encodeIfPresent(memoryBudget, forKey: .memoryBudget)
    try container.encode(dropLast, forKey: .dropLast)
    try container.encode(seed, forKey: .seed)
    try container.encode(threads, forKey: .threads)
    try container.encodeIfPresent(precision, forKey: .precision)
    try container.encodeIfPresent(device, forKey: .device)
    try container.encodeIfPresent(devices, forKey: .devices)
  }
}
