import BatchPolicies
import Executors
import ImageData
import RunRecords
import Training

/// What a training will do and need, known before it starts, beside the fixed batches that it could
/// be instead.
///
/// Nothing is read and nothing trained: settings, counts of images, and the sizes of compiled
/// programs decide all of it. Equal settings on one machine give equal plans.
public struct TrainingPlan: Codable, Sendable, Equatable {
  public let settings: TrainingSettings
  public let images: DatasetOutline
  /// Processes that share each update; nil for one.
  public let ranks: Int?
  /// Numbers that the network learns.
  public let parameters: Int
  /// The training itself.
  public private(set) var run: PlannedArm
  /// The same training at its smallest and at its largest batch size, fixed; none for a policy that
  /// is fixed itself.
  public private(set) var baselines: [PlannedArm]
  /// What predicted seconds rest on; nil where nothing was measured.
  public private(set) var measurement: StepMeasurement?
  /// The way between ranks that predicted seconds rest on; nil for one rank.
  public private(set) var link: NetworkLink?
  /// The predicted time on 1, 2, 4, … ranks, where that was asked for.
  public private(set) var scaling: ScalingTable?

  /// Plans the training that `settings` describe.
  ///
  /// - Parameters:
  ///   - images: those of `settings.dataset` unless given.
  ///   - ranks: that share each update.
  ///   - executor: whose programs need the memory, on each rank.
  /// - Throws: `TrainingError`, `PolicyError` or `GraphError` for what cannot be trained,
  ///   `ExecutorError` for memory that is not there, as a `Trainer` of these settings would.
  public init(
    _ settings: TrainingSettings, images: DatasetOutline? = nil, ranks: Int = 1,
    executor: any Executor<Float>
  ) throws {
    let outline = try settings.outline(images: images, ranks: ranks)
    var programs = try ProgramSizes(outline, executor)
    self.settings = settings.resolved()
    self.images = outline.images
    self.ranks = ranks == 1 ? nil : ranks
    parameters = outline.trainingGraph.parameterCount
    run = try PlannedArm(outline, policy: settings.policy, &programs)
    baselines = []
    guard settings.policy != "fixed" else { return }
    for size in Set([outline.batchSizes.lowerBound, outline.batchSizes.upperBound]).sorted() {
      let baseline = self.settings.fixed(at: size)
      let fixed = try baseline.outline(images: outline.images, ranks: ranks)
      baselines.append(try PlannedArm(fixed, policy: baseline.policy, &programs))
    }
  }

  /// The same with the seconds that each phase will take, going by what was measured on one rank.
  public func predicted(by measurement: StepMeasurement) -> TrainingPlan {
    var plan = self
    plan.measurement = measurement
    plan.run = run.predicted(by: measurement, testCount: images.testCount)
    plan.baselines = baselines.map { $0.predicted(by: measurement, testCount: images.testCount) }
    return plan
  }

  /// The same for several ranks, with what goes between them.
  ///
  /// - Parameters:
  ///   - measurement: of one rank's micro-batches, as made for this plan.
  ///   - scaling: whether to predict fewer ranks too, for which it was measured.
  /// - Throws: as ``init(_:images:ranks:executor:)``.
  public func predicted(
    by measurement: StepMeasurement, over link: NetworkLink, scaling: Bool = false
  ) throws -> TrainingPlan {
    let prediction = RankPrediction(measurement: measurement, link: link)
    var plan = self
    (plan.measurement, plan.link) = (measurement, link)
    let predicted = try arms.map { arm, settings in
      arm.predicted(by: prediction, try settings.outline(images: images, ranks: ranks ?? 1))
    }
    let own = baselines.isEmpty ? 0 : 1
    plan.run = predicted[own]
    plan.baselines = predicted.enumerated().filter { $0.offset != own }.map(\.element)
    guard scaling else { return plan }
    plan.scaling = ScalingTable(
      arms: arms.map { ScalingTable.Arm($0.name, $1, self, prediction) })
    return plan
  }
}

extension TrainingSettings {
  /// The same training at one batch size, with as much less noise at each change.
  ///
  /// Where batch and rate change together, rate over batch size falls as in this run: the decay is
  /// decay / growth factor, 0.375 for the reference's 0.75 and 2. A rate with changes of its own
  /// keeps them, and its decay.
  func fixed(at batchSize: Int) -> TrainingSettings {
    var settings = self
    (settings.policy, settings.batchSize) = ("fixed", batchSize)
    settings = settings.withoutMeasuring
    (settings.growthFactor, settings.maxBatch, settings.rateMilestones) = (nil, nil, nil)
    if let rateMilestones {
      (settings.milestones, settings.growthInterval) = (rateMilestones, nil)
    } else {
      settings.decay = decay / (growthFactor ?? 1)
    }
    return settings
  }
}
