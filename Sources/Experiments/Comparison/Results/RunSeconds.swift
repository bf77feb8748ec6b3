import RunRecords

/// Where the seconds of a run went; those of rank 0.
public struct RunSeconds: Codable, Sendable, Equatable {
  public var forward = 0.0
  public var backward = 0.0
  /// In the optimizer.
  public var update = 0.0
  /// Waiting for images.
  public var data = 0.0
  /// Going over to another batch size.
  public var batchSwitch = 0.0
  /// Waiting for other ranks, sending and receiving.
  public var communication = 0.0
  /// All of it, evaluation and what is between the parts included.
  public var total = 0.0

  public init() {}

  init(_ epochs: [EpochRecord]) {
    for epoch in epochs {
      forward += epoch.forwardSeconds
      backward += epoch.backwardSeconds
      update += epoch.updateSeconds
      data += epoch.dataSeconds
      batchSwitch += epoch.switchSeconds
      communication += epoch.communicationSeconds
      total += epoch.epochSeconds
    }
  }

  /// In the network's passes.
  public var kernels: Double { forward + backward }

  /// Evaluation, going over to other batch sizes, and what is between the parts.
  public var rest: Double { total - kernels - update - data - communication }
}
