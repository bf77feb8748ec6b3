import RunRecords

/// What one run of a comparison came to, from its directory alone.
public struct RunOutcome: Encodable, Sendable, Equatable {
  /// How a run first came to an accuracy.
  public struct Reached: Codable, Sendable, Equatable {
    public let epoch: Int
    /// Since the run began, evaluations included.
    public let seconds: Double
    public let updates: Int
  }

  public let arm: String
  public let seed: UInt64
  /// The directory's name.
  public let name: String
  public let epochs: Int
  /// After the last epoch, in percent.
  public let finalAccuracy: Double
  public let bestAccuracy: Double
  public let updates: Int
  public let samplesSeen: Int
  /// Images in the smallest and in the largest of its updates, but for short last ones.
  public let smallestBatch: Int
  public let largestBatch: Int
  public let ranks: Int
  public let messages: Int
  public let messageBytes: Int
  public let seconds: RunSeconds
  /// Epochs that passed far fewer images per second than others of their batch size.
  public let slowEpochs: Int
  /// How often the run was gone on with.
  public let interruptions: Int
  let record: RunSettings
  let accuracies: [Reached]
  let tested: [Double]
  let predictions: TestPredictions?

  private enum CodingKeys: CodingKey {
    case arm, seed, name, epochs, finalAccuracy, bestAccuracy, updates, samplesSeen, ranks
    case smallestBatch, largestBatch, messages, messageBytes, seconds, slowEpochs, interruptions
  }

  /// Reads a run; nil for one that has not come to its end.
  ///
  /// - Throws: `FileError` for what is damaged, naming it.
  public init?(_ run: ExperimentRun, in directory: RunDirectory) throws(FileError) {
    let records = try directory.epochs().records
    record = try directory.settings()
    predictions = try directory.predictions()
    interruptions = max(0, try directory.starts().records.count - 1)
    guard let last = records.last, last.epoch >= run.settings.epochs, directory.holdsModel else {
      return nil
    }
    (arm, seed, name) = (run.arm.name, run.seed, run.name)
    epochs = records.count
    (finalAccuracy, bestAccuracy) = (last.testAccuracy, last.bestAccuracy)
    (updates, samplesSeen, ranks) = (last.updates, last.samplesSeen, last.ranks)
    let sizes = records.map(\.batchSize)
    (smallestBatch, largestBatch) = (sizes.min() ?? 0, sizes.max() ?? 0)
    messages = records.reduce(0) { $0 + $1.messages }
    messageBytes = records.reduce(0) { $0 + $1.messageBytes }
    seconds = RunSeconds(records)
    slowEpochs = Self.slowEpochs(records)
    var elapsed = 0.0
    accuracies = records.map { epoch in
      elapsed += epoch.epochSeconds
      return Reached(epoch: epoch.epoch, seconds: elapsed, updates: epoch.updates)
    }
    tested = records.map(\.testAccuracy)
  }

  /// The first epoch after which the test accuracy was at least so many percent; nil for none.
  public func reached(_ accuracy: Double) -> Reached? {
    zip(accuracies, tested).first { $0.1 >= accuracy }?.0
  }

  private static func slowEpochs(_ records: [EpochRecord]) -> Int {
    let sizes = Dictionary(grouping: records) { $0.batchSize }
    return sizes.values.reduce(0) { sum, epochs in
      let speeds = epochs.map(\.imagesPerSecond).sorted()
      let usual = speeds[speeds.count / 2]
      return sum + speeds.count { $0 < 0.8 * usual }
    }
  }
}

extension RunDirectory {
  /// Whether the run has written its weights, which it does at its end.
  var holdsModel: Bool { exists(file(Self.modelFile)) }
}
