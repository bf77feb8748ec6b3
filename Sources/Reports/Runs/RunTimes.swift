import RunRecords

/// Where the seconds of a run went, of wall-clock time; nil where that was not recorded.
public struct RunTimes: Sendable, Equatable {
  public var forward: Double?
  public var backward: Double?
  /// In the optimizer.
  public var update: Double?
  /// Waiting for images.
  public var data: Double?
  /// Going over to another batch size.
  public var batchSwitch: Double?
  /// Waiting for other ranks, sending and receiving.
  public var communication: Double?
  public var evaluation: Double?
  /// All of it, and more than the parts together.
  public var total: Double?

  public init() {}

  /// The sums over a run's epochs.
  public init(_ epochs: [EpochRecord]) {
    guard !epochs.isEmpty else { return }
    func sum(_ seconds: KeyPath<EpochRecord, Double>) -> Double {
      epochs.reduce(0) { $0 + $1[keyPath: seconds] }
    }
    forward = sum(\.forwardSeconds)
    backward = sum(\.backwardSeconds)
    update = sum(\.updateSeconds)
    data = sum(\.dataSeconds)
    batchSwitch = sum(\.switchSeconds)
    communication = sum(\.communicationSeconds)
    total = sum(\.epochSeconds)
    let seen = [0] + epochs.map(\.samplesSeen)
    let training = zip(epochs, seen).map { epoch, before in
      Double(epoch.samplesSeen - before) / epoch.imagesPerSecond
    }
    evaluation = training.reduce(sum(\.epochSeconds), -)
  }

  /// The parts that are known, in the order of an update, and what is left of the whole.
  public var parts: [(name: String, seconds: Double)] {
    let known = Self.names.compactMap { name, path in
      self[keyPath: path].map { (name: name, seconds: $0) }
    }
    guard let total, !known.isEmpty else { return known }
    return known + [("other", max(0, known.reduce(total) { $0 - $1.seconds }))]
  }

  /// What ``parts`` may be called, in their order.
  static var partNames: [String] { names.map(\.0) + ["other"] }

  private static var names: [(String, KeyPath<RunTimes, Double?>)] {
    [
      ("forward", \.forward), ("backward", \.backward), ("update", \.update), ("data", \.data),
      ("batch switch", \.batchSwitch), ("communication", \.communication),
      ("evaluation", \.evaluation),
    ]
  }
}
