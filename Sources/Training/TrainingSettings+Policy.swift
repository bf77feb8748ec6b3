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
    guard ["adabatch", "fixed"].contains(policy) else { return try makeOtherPolicy() }
    let changes = milestones.map(ChangeEpochs.after) ?? .every(growthInterval ?? epochs)
    try changes.check("milestones", epochs: epochs)
    if policy == "fixed" {
      return try FixedBatch(batchSize: batchSize, decay: decay, changes: changes)
    }
    let rateChanges = rateMilestones.map(ChangeEpochs.after)
    try rateChanges?.check("rateMilestones", epochs: epochs)
    return try AdaBatchGrowth(
      initialBatchSize: batchSize, growthFactor: growthFactor ?? 1, changes: changes,
      rateChanges: rateChanges, maximumBatchSize: maxBatch ?? batchSize, decay: decay)
  }

  private func makeOtherPolicy() throws -> any BatchPolicy {
    if policy == "replay" {
      return try ReplayedSchedule(of: RunDirectory(opening: replay ?? ""))
    }
    guard let kind = MeasuringKind.named(policy) else { throw Self.unknownPolicy(policy) }
    return try makeMeasuringPolicy(kind)
  }

  /// The policies that only watch, each with what it has unless something else is given.
  ///
  /// - Throws: as ``makePolicy()``.
  public func makeShadows() throws -> [NamedPolicy] {
    try (shadow ?? []).map { name in
      guard Self.policyNames.contains(name) else {
        throw unknownName(name, what: "policy", option: "--shadow", Self.policyNames)
      }
      return NamedPolicy(name, try asShadow(name).resolved().makeBasePolicy())
    }
  }

  private func asShadow(_ name: String) -> TrainingSettings {
    var settings = self
    settings.policy = name
    settings.decay = Self.referenceDecay(policy: name)
    (settings.coupling, settings.cooldown, settings.hysteresis) = (nil, nil, nil)
    (settings.patience, settings.threshold, settings.maxInterval) = (nil, nil, nil)
    (settings.milestones, settings.rateMilestones, settings.growthInterval) = (nil, nil, nil)
    return settings
  }

  /// The same settings with the reference recipe's numbers where there was nil.
  public func resolved() -> TrainingSettings {
    var settings = self
    if guardsGrowth == true, guardWindow == nil, let images = try? datasetOutline() {
      settings.guardWindow = images.trainingCount / 2
    }
    if warmup == 0 { (settings.warmup, settings.baselineBatch) = (nil, nil) }
    if let kind = MeasuringKind.named(policy) { return settings.resolved(kind) }
    if policy == "replay" { return settings }
    if milestones == nil {
      settings.growthInterval = growthInterval ?? ReferenceRecipe.interval(epochs: epochs)
    }
    guard policy == "adabatch" else { return settings }
    settings.growthFactor = growthFactor ?? ReferenceRecipe.growthFactor
    settings.maxBatch =
      maxBatch ?? ReferenceRecipe.maximumBatchSize(initialBatchSize: batchSize)
    return settings
  }
}
