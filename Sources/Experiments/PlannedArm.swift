import BatchPolicies
import Training

/// One way to train, planned: its phases and what they come to.
public struct PlannedArm: Codable, Sendable, Equatable {
  /// As people call it: "AdaBatch 128–2048", "fixed 128".
  public let name: String
  public private(set) var phases: [PlannedPhase]
  public private(set) var totals: PlannedTotals

  init(_ outline: TrainingOutline, policy: String, _ programs: inout ProgramSizes) throws {
    let (smallest, largest) = (outline.batchSizes.lowerBound, outline.batchSizes.upperBound)
    let sizes = smallest == largest ? "\(smallest)" : "\(smallest)–\(largest)"
    name = (policy == "adabatch" ? "AdaBatch" : policy) + " " + sizes
    phases = []
    for phase in outline.plan.phases {
      let memory = try programs.memory(of: phase, in: outline)
      phases.append(PlannedPhase(phase, outline, memory: memory))
    }
    totals = PlannedTotals(phases)
  }

  func predicted(by measurement: StepMeasurement, testCount: Int) -> PlannedArm {
    var arm = self
    var seen: Set<Int> = []
    arm.phases = phases.map { phase in
      let isNew = seen.insert(phase.batchSize).inserted
      return phase.predicted(by: measurement, testCount: testCount, isNewSize: isNew)
    }
    arm.totals = PlannedTotals(arm.phases)
    return arm
  }

  /// - Parameter outline: of this arm's training, on its ranks.
  func predicted(by prediction: RankPrediction, _ outline: TrainingOutline) -> PlannedArm {
    var arm = self
    let seconds = prediction.phases(of: outline)
    arm.phases = zip(phases, seconds).map { phase, seconds in
      guard let seconds, let update = prediction.update(of: phase.batchSize, in: outline) else {
        return phase
      }
      return phase.predicted(update, seconds)
    }
    arm.totals = PlannedTotals(arm.phases)
    return arm
  }
}

/// What the phases of a training come to.
public struct PlannedTotals: Codable, Sendable, Equatable {
  public let epochs: Int
  /// Weight updates.
  public let updates: Int
  /// Images that enter an update.
  public let images: Int
  /// Images that an epoch shows no update, over all epochs.
  public let imagesDropped: Int
  /// Of the phase that needs the most.
  public let memory: TrainingMemory
  /// Seconds of training and evaluation; nil where nothing was measured.
  public let predictedSeconds: Double?

  init(_ phases: [PlannedPhase]) {
    epochs = phases.last?.lastEpoch ?? 0
    updates = phases.reduce(0) { $0 + $1.updates }
    images = phases.reduce(0) { $0 + $1.images }
    imagesDropped = phases.reduce(0) { $0 + $1.imagesDropped }
    let largest = phases.map(\.memory).max { $0.all < $1.all }
    guard let largest else { preconditionFailure("a training without phases") }
    memory = largest
    let seconds = phases.compactMap(\.predictedSeconds)
    predictedSeconds = seconds.count == phases.count ? seconds.reduce(0, +) : nil
  }
}
