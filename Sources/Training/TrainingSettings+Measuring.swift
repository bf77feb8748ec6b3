import BatchPolicies
import RunRecords

extension TrainingSettings {
  /// The same settings without what only a policy that measures, or one that watches, has.
  package var withoutMeasuring: TrainingSettings {
    var settings = self
    (settings.coupling, settings.decideEvery, settings.minBatch) = (nil, nil, nil)
    (settings.cooldown, settings.hysteresis, settings.patience) = (nil, nil, nil)
    (settings.threshold, settings.maxInterval) = (nil, nil)
    (settings.shadow, settings.guardsGrowth, settings.guardWindow) = (nil, nil, nil)
    settings.replay = nil
    return settings
  }

  /// The same settings with a measuring policy's usual numbers where there was nil.
  func resolved(_ kind: MeasuringKind) -> TrainingSettings {
    var settings = self
    settings.coupling = coupling ?? kind.coupling
    settings.growthFactor = growthFactor ?? ReferenceRecipe.growthFactor
    settings.minBatch = minBatch ?? batchSize
    settings.maxBatch =
      maxBatch ?? ReferenceRecipe.maximumBatchSize(initialBatchSize: batchSize)
    settings.cooldown = cooldown ?? 1
    settings.threshold = threshold ?? kind.threshold?.value
    settings.patience = patience ?? kind.patience
    // A rule that chooses among the sizes itself has no use for a margin.
    settings.hysteresis = hysteresis ?? (kind.choosesSizes ? nil : 0.1)
    settings.maxInterval = maxInterval ?? (kind.comparesGradients ? 0.5 : nil)
    return settings
  }

  /// The policy of settings that are resolved.
  func makeMeasuringPolicy(_ kind: MeasuringKind) throws -> any MeasuringPolicy {
    let (threshold, width) = (threshold ?? 0, maxInterval ?? 0)
    switch kind.name {
    case "plateau": return try measured(Plateau(threshold: threshold, patience: patience ?? 0))
    case "loss-ratio": return try measured(LossRatio())
    case "cabs": return try measured(CABS(maxInterval: width))
    case "noise-scale": return try measured(NoiseScale(maxInterval: width))
    case "norm-test": return try measured(NormTest(threshold: threshold, maxInterval: width))
    case "diversity":
      return try measured(GradientDiversity(threshold: threshold, maxInterval: width))
    case "goodput": return try measured(Goodput(threshold: threshold, maxInterval: width))
    default: throw Self.unknownPolicy(kind.name)
    }
  }

  private func measured(_ rule: some SizeRule) throws -> any MeasuringPolicy {
    guard let coupling = RateCoupling(rawValue: coupling ?? "") else {
      throw unknownName(
        coupling ?? "", what: "coupling", option: "--coupling",
        RateCoupling.allCases.map(\.rawValue))
    }
    let least = minBatch ?? batchSize
    let most = maxBatch ?? batchSize
    guard least <= most else {
      throw PolicyError(
        code: .outOfRange, setting: "minimumBatchSize", value: "\(least)",
        needs: "at most the largest batch size, \(most)", fix: "lower it, or raise the limit")
    }
    return try MeasuredBatch(
      rule, initialBatchSize: batchSize, limits: least...most, factor: growthFactor ?? 2,
      coupling: coupling, decay: decay, cooldown: cooldown ?? 1, hysteresis: hysteresis ?? 0)
  }
}
