/// Seconds spent in each part of an update, from the system's monotonic clock.
public struct Stopwatch: Sendable {
  public var forward = 0.0
  public var backward = 0.0
  public var update = 0.0
  /// Images chosen, augmented and normalised.
  public var data = 0.0
  public var switching = 0.0
  /// Waited for other ranks, and sent to and received from them.
  public var communication = 0.0

  /// Runs `body` and adds its time to a part.
  mutating func time<Result>(
    _ part: WritableKeyPath<Stopwatch, Double>, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = ContinuousClock.now
    defer { self[keyPath: part] += ContinuousClock.now.seconds(since: start) }
    return try body()
  }
}

extension ContinuousClock.Instant {
  /// Seconds that have passed since an earlier instant.
  package func seconds(since start: Self) -> Double { (self - start) / .seconds(1) }
}
