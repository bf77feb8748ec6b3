import Training

/// A full update as several ranks share it: what the busiest of them passes, and what all of them
/// send to each other.
public struct SharedUpdate: Codable, Sendable, Equatable {
  /// Images that pass together.
  public let microBatch: Int
  /// Micro-batches of the busiest rank, which is one that has as many as any.
  public let microBatchesOfARank: Int
  /// Images in those.
  public let imagesOfARank: Int
  /// Ranks that have nothing to pass.
  public let idleRanks: Int
  /// What all ranks send.
  public let traffic: UpdateTraffic
  /// Seconds that the busiest rank computes; nil where nothing was measured, as below.
  public private(set) var computeSeconds: Double?
  /// Seconds in which ranks only speak to each other.
  public private(set) var communicationSeconds: Double?

  init(of batchSize: Int, in outline: TrainingOutline) {
    let shares = outline.options.shares(of: batchSize)
    microBatch = outline.options.microBatchSize(in: batchSize)
    microBatchesOfARank = shares[0].count
    imagesOfARank = min(batchSize, microBatchesOfARank * microBatch)
    idleRanks = shares.idleRanks
    traffic = UpdateTraffic(
      shares, parameterCount: outline.trainingGraph.parameterCount,
      statisticCount: outline.trainingGraph.statisticCount)
  }

  func predicted(_ seconds: UpdateSeconds) -> SharedUpdate {
    var update = self
    update.computeSeconds = seconds.computing
    update.communicationSeconds = seconds.communicating
    return update
  }
}
