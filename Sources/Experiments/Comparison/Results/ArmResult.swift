/// What an arm came to, over its seeds.
public struct ArmResult: Encodable, Sendable, Equatable {
  /// How the arm came to an accuracy; means over the seeds that did.
  public struct Target: Codable, Sendable, Equatable {
    /// In percent.
    public let accuracy: Double
    /// Runs that came to it.
    public let runs: Int
    public let seconds: Double?
    public let updates: Double?
  }

  public let name: String
  public let policy: String
  public let ranks: Int
  /// Images in the smallest and in the largest update of its runs; where there are none, of what
  /// its settings allow.
  public let smallestBatch: Int
  public let largestBatch: Int
  /// Finished ones, by seed.
  public let runs: [RunOutcome]
  /// Means over the runs; nil where there is none.
  public let finalAccuracy: Double?
  public let bestAccuracy: Double?
  public let updates: Double?
  public let seconds: Double?
  /// Of the final accuracy; nil for fewer than three runs.
  public let finalInterval: Interval?
  public let targets: [Target]

  init(_ runs: [ExperimentRun], _ outcomes: [RunOutcome], targets: [Double]) {
    let (arm, settings) = (runs[0].arm, runs[0].settings)
    name = arm.name
    ranks = arm.ranks
    policy = settings.policy
    smallestBatch = outcomes.map(\.smallestBatch).min() ?? settings.batchSize
    largestBatch =
      outcomes.map(\.largestBatch).max() ?? max(settings.batchSize, settings.maxBatch ?? 0)
    self.runs = outcomes
    let final = outcomes.map(\.finalAccuracy)
    finalAccuracy = final.mean
    finalInterval = Interval(meanOf: final)
    bestAccuracy = outcomes.map(\.bestAccuracy).mean
    updates = outcomes.map { Double($0.updates) }.mean
    seconds = outcomes.map(\.seconds.total).mean
    self.targets = targets.map { accuracy in
      let reached = outcomes.compactMap { $0.reached(accuracy) }
      return Target(
        accuracy: accuracy, runs: reached.count, seconds: reached.map(\.seconds).mean,
        updates: reached.map { Double($0.updates) }.mean)
    }
  }
}
