import RunRecords

/// What one epoch came to, as far as its source tells.
public struct ReportEpoch: Sendable, Equatable {
  /// Counted from 1.
  public var epoch: Int
  /// Images in one weight update, over all ranks.
  public var batchSize: Int?
  public var learningRate: Double?
  /// Weight updates since the run began.
  public var updates: Int?
  /// Images that have entered an update since the run began.
  public var samplesSeen: Int?
  /// Seconds since the run began, evaluations included.
  public var seconds: Double?
  public var trainLoss: Double?
  /// In percent.
  public var testAccuracy: Double?

  public init(epoch: Int) { self.epoch = epoch }

  /// - Parameter seconds: since the run began, at the end of the epoch.
  public init(_ record: EpochRecord, seconds: Double) {
    epoch = record.epoch
    batchSize = record.batchSize
    learningRate = record.learningRate
    updates = record.updates
    samplesSeen = record.samplesSeen
    trainLoss = record.trainLoss
    testAccuracy = record.testAccuracy
    self.seconds = seconds
  }
}
