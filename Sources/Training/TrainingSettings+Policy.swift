import BatchPolicies
import RunRecords

extension TrainingSettings {
  /// The policy that `policy` names, warmed up where that is asked for, with the reference recipe
  /// for what is nil.
  ///
  /// - Throws: ``TrainingError`` with code `unknownName`, or `PolicyError` for impossible numbers,
  ///   milestones and a warm-up that the run is too short for among them.
  public func makePolicy() throws -> any BatchPolicy {
    let settings = resolved()
    let policy = try settings.makeBasePolicy()
    guard let warmup = settings.warmup else { return policy }
    return try warmed(policy, epochs: warmup)
  }

  private func warmed(_ base: some BatchPolicy, epochs warmup: Int) throws -> any BatchPolicy {
    guard warmup <= epochs else {
      throw PolicyError(
        code: .outOfRange, setting: "warmUpEpochs", value: "\(warmup)",
        needs: "at most the run's \(epochs) epochs", fix: "warm up for less, or train longer")
    }
    guard let baselineBatch else {
      throw PolicyError(
        code: .outOfRange, setting: "baselineBatchSize", value: "missing",
        needs: "given with a warm-up, which scales the rate by batch / baseline",
        fix: "give the batch size that the learning rate was chosen for, such as 256")
    }
    return try WarmUp(base, epochs: warmup, baselineBatchSize: baselineBatch)
  }

  /// The policy of settings that are resolved.
  private func makeBasePolicy() throws -> any BatchPolicy {
    let changes = milestones.map(ChangeEpochs.after) ?? .every(growthInterval ?? epochs)
    try changes.check("milestones", epochs: epochs)
    switch policy {
    case "fixed":
      return try FixedBatch(batchSize: batchSize, decay: decay, changes: changes)
    case "adabatch":
      let rateChanges = rateMilestones.map(ChangeEpochs.after)
      try rateChanges?.check("rateMilestones", epochs: epochs)
      return try AdaBatchGrowth(
        initialBatchSize: batchSize, growthFactor: growthFactor ?? 1, changes: changes,
        rateChanges: rateChanges, maximumBatchSize: maxBatch ?? batchSize, decay: decay)
    default: throw Self.unknownPolicy(policy)
    }
  }

  /// The same settings with the reference recipe's numbers where there was nil.
  public func resolved() -> TrainingSettings {
    var settings = self
    if milestones == nil {
      settings.growthInterval = growthInterval ?? ReferenceRecipe.interval(epochs: epochs)
    }
    if warmup == 0 { (settings.warmup, settings.baselineBatch) = (nil, nil) }
    guard policy == "adabatch" else { return settings }
    settings.growthFactor = growthFactor ?? ReferenceRecipe.growthFactor
    settings.maxBatch =
      maxBatch ?? ReferenceRecipe.maximumBatchSize(initialBatchSize: batchSize)
    return settings
  }
}
