import Communication

/// The way between the first rank and the last one, as it was measured: the farthest apart where a
/// launcher fills one host after the other.
public struct LinkMeasurement: Codable, Sendable, Equatable {
  public let link: NetworkLink
  /// Of the two ranks.
  public let hosts: [String]

  /// Bytes of the large messages.
  static let largeBytes = 8 << 20

  /// Measures with messages that go both ways at once, as those of an update do; all ranks are to
  /// call this.
  ///
  /// The medians of 2,000 exchanges of 4 bytes and of 20 of 8 MiB, on rank 0.
  ///
  /// - Throws: `CommunicationError`, `RankFailure`.
  public init(_ ranks: Ranks) throws {
    precondition(ranks.count > 1, "there is no way to anybody")
    try ranks.meet()
    var seconds = [0.0, 0.0]
    if let other = [0: ranks.count - 1, ranks.count - 1: 0][ranks.own] {
      seconds[0] = try Self.seconds(bytes: 4, times: 2000, to: other, ranks)
      seconds[1] = try Self.seconds(bytes: Self.largeBytes, times: 20, to: other, ranks)
    }
    try seconds.withUnsafeMutableBufferPointer { try ranks.share($0) }
    link = NetworkLink(smallSeconds: seconds[0], seconds[1], largeBytes: Self.largeBytes)
    hosts = [ranks.communicator.hosts[0], ranks.communicator.hosts[ranks.count - 1]]
  }

  /// The median of what an exchange with another rank takes, after a tenth that is not counted.
  private static func seconds(
    bytes: Int, times: Int, to other: Int, _ ranks: Ranks
  ) throws -> Double {
    let outgoing = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
    let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
    defer { [outgoing, incoming].forEach { $0.deallocate() } }
    for buffer in [outgoing, incoming] { buffer.initializeMemory(as: UInt8.self, repeating: 1) }
    var seconds: [Double] = []
    for _ in 0..<times + times / 10 {
      let start = ContinuousClock.now
      try ranks.communicator.exchange(
        sends: [(other, UnsafeRawBufferPointer(outgoing))], receives: [(other, incoming)])
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    return seconds.dropFirst(times / 10).sorted()[times / 2]
  }
}

extension NetworkLink {
  /// From the seconds of a message that is hardly more than its latency, and of a large one.
  init(smallSeconds: Double, _ largeSeconds: Double, largeBytes: Int) {
    // A clock that ticks too rarely leaves no difference.
    self.init(
      latencySeconds: smallSeconds,
      bandwidthBytesPerSecond: Double(largeBytes) / max(1e-9, largeSeconds - smallSeconds))
  }
}
