import Training

/// Seconds in which ranks tell each other what an update needs, by an α–β model.
///
/// The steps are those of a training: a meeting (4 bytes of each rank), scores (32 bytes of each
/// micro-batch) and batch-norm statistics are gathered; each rank sends its tree nodes' sums of a
/// part of the gradient to the part's owner; the summed parts are gathered. A gather that leaves n
/// bytes with each of R ranks takes ⌈log₂ R⌉·α + (R−1)/R·n/β where MPICH doubles the distance at
/// each step, and (R−1)·α + (R−1)/R·n/β where it goes around a ring. Sums take as long as the rank
/// that sends or receives the most, messages one after the other.
///
/// Not in it: other traffic on the wires, hosts with several ranks, and adding up what arrives.
///
/// > Source: Thakur, Rabenseifner, Gropp 2005, Optimization of collective communication operations
/// in MPICH, section 4.1; sizes at which MPICH changes over: MPIR_CVAR_ALLGATHER_SHORT_MSG_SIZE and
/// MPIR_CVAR_ALLGATHER_LONG_MSG_SIZE of MPICH 3.3 and 4.0, which its Iallgatherv goes by too.
public struct CommunicationModel: Sendable, Equatable {
  public let link: NetworkLink
  public let ranks: Int

  public init(_ link: NetworkLink, ranks: Int) { (self.link, self.ranks) = (link, ranks) }

  /// Bytes from which a gather goes around the ring: sooner where R is no power of two.
  private var ringBytes: Int { ranks.nonzeroBitCount == 1 ? 524_288 : 81_920 }

  /// Seconds in which all ranks get `bytes`, of which each has had its part.
  public func gatherSeconds(bytes: Int) -> Double {
    // Nothing is sent for nothing.
    guard ranks > 1, bytes > 0 else { return 0 }
    let logarithm = Int.bitWidth - (ranks - 1).leadingZeroBitCount
    return link.seconds(
      messages: Double(bytes < ringBytes ? logarithm : ranks - 1),
      bytes: Double(bytes) * Double(ranks - 1) / Double(ranks))
  }

  /// Seconds in which ranks meet and learn how each of them fared.
  public var meetingSeconds: Double {
    gatherSeconds(bytes: ranks * MemoryLayout<Int32>.stride)
  }

  /// Seconds until the sums of a gradient's parts are with their owners.
  public func exchangeSeconds(_ shares: MicroBatchShares, parameterCount: Int) -> Double {
    shares.exchanges(of: parameterCount).map {
      max(seconds($0.sent), seconds($0.received))
    }.max() ?? 0
  }

  /// Seconds of an update's communication.
  ///
  /// - Parameters:
  ///   - parameterCount: of the network, in f32 as the statistics.
  ///   - statisticCount: numbers in the batch statistics of one micro-batch.
  public func updateSeconds(
    _ shares: MicroBatchShares, parameterCount: Int, statisticCount: Int
  ) -> Double {
    let float = MemoryLayout<Float>.stride
    return meetingSeconds + gatherSeconds(bytes: shares.count * MemoryLayout<Score>.stride)
      + gatherSeconds(bytes: shares.count * statisticCount * float)
      + exchangeSeconds(shares, parameterCount: parameterCount)
      + gatherSeconds(bytes: parameterCount * float)
  }

  /// Seconds of communication to score test images: a meeting, scores, and each image's place.
  public func evaluationSeconds(batches: Int, images: Int) -> Double {
    meetingSeconds + gatherSeconds(bytes: batches * MemoryLayout<Score>.stride)
      + gatherSeconds(bytes: images * MemoryLayout<Int32>.stride)
  }

  private func seconds(_ part: (messages: Int, elements: Int)) -> Double {
    link.seconds(
      messages: Double(part.messages),
      bytes: Double(part.elements * MemoryLayout<Float>.stride))
  }
}
