import BatchPolicies

/// A problem whose gradient and noise are known: each image's gradient is G plus independent normal
/// noise of a variance of its own in each direction.
struct ModelProblem {
  var gradient: [Double] = [3, -1, 0.5, 2]
  var deviations: [Double] = [4, 2, 1, 3]

  /// |G|² and tr Σ.
  var squaredGradient: Double { gradient.reduce(0) { $0 + $1 * $1 } }
  var variance: Double { deviations.reduce(0) { $0 + $1 * $1 } }
  var noiseScale: Double { variance / squaredGradient }

  /// An update whose micro-batches have so many images, image by image.
  func update(
    _ sizes: [Int], _ random: inout Random, loss: Double = 1, seconds: StepSeconds? = nil
  ) -> UpdateSignals {
    let images = sizes.reduce(0, +)
    var sum = Array(repeating: 0.0, count: gradient.count)
    var squares = 0.0
    for size in sizes {
      var own = Array(repeating: 0.0, count: gradient.count)
      for _ in 0..<size {
        for index in own.indices {
          own[index] += (gradient[index] + deviations[index] * random.normal()) / Double(size)
        }
      }
      let share = Double(size) / Double(images)
      squares += share * own.reduce(0) { $0 + $1 * $1 }
      for index in own.indices { sum[index] += share * own[index] }
    }
    return UpdateSignals(
      images: images, loss: loss,
      gradients: GradientNorms(
        microBatches: sizes.count, meanOfSquares: squares,
        squareOfMean: sum.reduce(0) { $0 + $1 * $1 }),
      seconds: seconds)
  }

  func updates(_ count: Int, of sizes: [Int], seed: UInt64) -> [UpdateSignals] {
    var random = Random(state: seed)
    return (0..<count).map { _ in update(sizes, &random) }
  }
}

/// SplitMix64, and normal numbers as sums of twelve uniform ones.
struct Random {
  var state: UInt64

  mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ (mixed >> 31)) >> 11) / 9_007_199_254_740_992
  }

  mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}

extension Signals {
  /// In the middle of a run at some batch size.
  init(
    batch: Int, factor: Double = 1, asked: Int = 5, imageCount: Int = 50_000,
    updates: [UpdateSignals] = [], losses: [Double] = [], first: Double? = nil
  ) {
    self.init(epoch: 3, imageCount: imageCount)
    current = BatchDecision(batchSize: batch, learningRateFactor: factor, reason: "before")
    decisionsSinceChange = asked
    initialLearningRate = 0.1
    history.updates = updates
    history.losses = losses
    history.firstLoss = first
  }
}

func policy<Rule: SizeRule>(
  _ rule: Rule, from initial: Int = 64, limits: ClosedRange<Int> = 16...1024,
  coupling: RateCoupling = .none, cooldown: Int = 1, hysteresis: Double = 0.1
) throws -> MeasuredBatch<Rule> {
  try MeasuredBatch(
    rule, initialBatchSize: initial, limits: limits, coupling: coupling, cooldown: cooldown,
    hysteresis: hysteresis)
}
