/// A stretch of epochs that a run trains with one batch size and one learning rate.
public struct Phase: Sendable, Equatable {
  /// The epochs, counted from 0; people see them counted from 1.
  public let epochs: Range<Int>

  /// Images in one weight update, over all ranks.
  public let batchSize: Int

  /// What the initial learning rate is multiplied by.
  public let learningRateFactor: Double

  /// Weight updates in each epoch, an incomplete last one included unless it is dropped.
  public let updatesPerEpoch: Int

  /// Images that enter an update in each epoch: all of them, unless the last batch is dropped.
  public let samplesPerEpoch: Int

  /// The policy's reason, as it gave it for the first of these epochs.
  public let reason: String

  /// Weight updates in all of these epochs.
  public var updates: Int { epochs.count * updatesPerEpoch }

  /// Images that enter an update in all of these epochs.
  public var samples: Int { epochs.count * samplesPerEpoch }
}

/// What a policy will do in a run, known before the run starts.
///
/// For policies that decide by the epoch alone. Its description is a table for people.
public struct BatchPlan: Sendable, Equatable {
  /// Epochs of the whole run.
  public let epochs: Int

  /// Images in the training set.
  public let imageCount: Int

  /// Whether a last batch that is not full is left out, as NVlabs' one-device script does.
  public let dropLast: Bool

  /// The run in order, without gaps; neighbours differ in batch size or learning rate.
  public let phases: [Phase]

  /// Weight updates of the whole run.
  public var totalUpdates: Int { phases.reduce(0) { $0 + $1.updates } }

  /// Images that enter an update, over the whole run.
  public var totalSamples: Int { phases.reduce(0) { $0 + $1.samples } }

  /// What an epoch, counted from 0, is trained with; nil for none of this run.
  public func phase(of epoch: Int) -> Phase? { phases.first { $0.epochs.contains(epoch) } }

  /// The first phase after an epoch, counted from 0, that has another batch size; nil for none.
  public func nextChange(after epoch: Int) -> Phase? {
    let batchSize = phase(of: epoch)?.batchSize
    return phases.first { $0.epochs.lowerBound > epoch && $0.batchSize != batchSize }
  }

  /// Asks `policy` about every epoch of a run.
  ///
  /// - Throws: ``PolicyError`` with code `outOfRange` for fewer than one epoch or image or for more
  ///   than 100,000 epochs or 1,000,000,000 images, `unusableDecision` for a decision that could not be trained with.
  public init(
    policy: some BatchPolicy, epochs: Int, imageCount: Int, dropLast: Bool = false
  ) throws(PolicyError) {
    // The upper bound keeps a slip of the finger from planning for hours.
    try require(
      (1...100_000).contains(epochs), "epochs", epochs, needs: "1 to 100000",
      fix: "the usual run has 100")
    try require(
      (1...1_000_000_000).contains(imageCount), "imageCount", imageCount, needs: "1 to 1000000000",
      fix: "give a training set")
    self.epochs = epochs
    self.imageCount = imageCount
    self.dropLast = dropLast

    var phases: [Phase] = []
    for epoch in 0..<epochs {
      let signals = Signals(epoch: epoch, imageCount: imageCount)
      let decision = try policy.checkedDecision(for: signals)
      phases.extend(with: decision, in: epoch, imageCount: imageCount, dropLast: dropLast)
    }
    self.phases = phases
  }
}

extension BatchPlan {
  /// The same before an epoch, counted from 0, and another decision for all that follow: what is
  /// expected where a policy decides while training.
  public func changed(from epoch: Int, to decision: BatchDecision) -> BatchPlan {
    let before = phases.filter { $0.epochs.lowerBound < epoch }.map {
      Phase($0, until: min(epoch, $0.epochs.upperBound))
    }
    return BatchPlan(
      self,
      phases: (epoch..<epochs).reduce(into: before) { phases, epoch in
        phases.extend(with: decision, in: epoch, imageCount: imageCount, dropLast: dropLast)
      })
  }

  private init(_ plan: BatchPlan, phases: [Phase]) {
    (epochs, imageCount, dropLast) = (plan.epochs, plan.imageCount, plan.dropLast)
    self.phases = phases
  }
}

extension [Phase] {
  /// Adds `epoch`: to the last phase where nothing changes, else as the start of a new one.
  fileprivate mutating func extend(
    with decision: BatchDecision, in epoch: Int, imageCount: Int, dropLast: Bool
  ) {
    if let last, last.batchSize == decision.batchSize,
      last.learningRateFactor == decision.learningRateFactor
    {
      self[count - 1] = Phase(last, until: epoch + 1)
    } else {
      append(Phase(decision, epoch: epoch, imageCount: imageCount, dropLast: dropLast))
    }
  }
}

extension Phase {
  fileprivate init(_ decision: BatchDecision, epoch: Int, imageCount: Int, dropLast: Bool) {
    let (full, rest) = imageCount.quotientAndRemainder(dividingBy: decision.batchSize)
    epochs = epoch..<epoch + 1
    batchSize = decision.batchSize
    learningRateFactor = decision.learningRateFactor
    updatesPerEpoch = dropLast || rest == 0 ? full : full + 1
    samplesPerEpoch = dropLast ? imageCount - rest : imageCount
    reason = decision.reason
  }

  fileprivate init(_ phase: Phase, until end: Int) {
    epochs = phase.epochs.lowerBound..<end
    batchSize = phase.batchSize
    learningRateFactor = phase.learningRateFactor
    updatesPerEpoch = phase.updatesPerEpoch
    samplesPerEpoch = phase.samplesPerEpoch
    reason = phase.reason
  }
}
