/// The way between two ranks: what any message costs, and how fast its bytes go.
///
/// A message of n bytes takes α + n/β seconds.
///
/// > Source: Hockney 1994, The communication challenge for MPP, Parallel Computing 20(3).
public struct NetworkLink: Codable, Sendable, Equatable {
  /// α: seconds that a message takes without its bytes.
  public let latencySeconds: Double
  /// β: bytes per second each way, with both ways in use, as they are in an update.
  public let bandwidthBytesPerSecond: Double

  public init(latencySeconds: Double, bandwidthBytesPerSecond: Double) {
    precondition(latencySeconds >= 0 && bandwidthBytesPerSecond > 0, "a link that nothing crosses")
    self.latencySeconds = latencySeconds
    self.bandwidthBytesPerSecond = bandwidthBytesPerSecond
  }

  /// Seconds that a rank needs for messages one after the other.
  public func seconds(messages: Double, bytes: Double) -> Double {
    messages * latencySeconds + bytes / bandwidthBytesPerSecond
  }
}
