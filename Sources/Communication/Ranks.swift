import Foundation

/// The ranks that train one model together, seen from one of them.
///
/// Whatever may fail on one rank alone is done before a meeting: ``meet(_:)`` ends when all ranks
/// are there, and all of them learn how it went. So either all go on, or all leave, for one reason.
public final class Ranks {
  public let communicator: any Communicator
  /// How an error is put in words, and the exit code that goes with it, where other ranks hear of it.
  public var explain: (any Error) -> (message: String, code: Int32) = { ("\($0)", 1) }
  /// Whether a failure was told to all: nobody waits for this rank any more.
  public private(set) var haveParted = false

  public init(_ communicator: any Communicator = OneProcess()) { self.communicator = communicator }

  public var own: Int { communicator.rank }
  public var count: Int { communicator.rankCount }

  /// How the way to a meeting went, worse ones last.
  public enum Outcome: Int32, Sendable { case fine, stopped, failed }

  /// Waits until all ranks are there, and returns the worst that one of them came with.
  ///
  /// - Throws: ``RankFailure`` when another rank has failed, ``CommunicationError``.
  @discardableResult
  public func meet(_ outcome: Outcome = .fine) throws -> Outcome {
    precondition(outcome != .failed, "who fails parts")
    let worst = try worstOutcome(outcome)
    if worst == .failed { throw try hear(nil) }
    return worst
  }

  /// Tells all others that this rank has failed, at the meeting that they come to next.
  ///
  /// Nothing is to be told where all know it.
  public func part(_ error: any Error) throws {
    if haveParted || count == 1 { return }
    _ = try worstOutcome(.failed)
    let (message, code) = explain(error)
    _ = try hear(RankFailure(rank: own, host: communicator.hosts[own], message, code: code))
  }

  private func worstOutcome(_ own: Outcome) throws -> Outcome {
    guard count > 1, !haveParted else { return own }
    var outcomes = Array(repeating: own.rawValue, count: count)
    try gather(&outcomes, parts: (0..<count).map { $0..<$0 + 1 })
    return outcomes.max().flatMap(Outcome.init) ?? own
  }

  /// The first rank's failure.
  private func hear(_ own: RankFailure?) throws -> RankFailure {
    haveParted = true
    let data = try own.map { try JSONEncoder().encode($0) } ?? Data()
    let texts = try gatherNow(String(decoding: data, as: UTF8.self))
    let first = texts.first { !$0.isEmpty } ?? ""
    return try JSONDecoder().decode(RankFailure.self, from: Data(first.utf8))
  }
}

// What ranks tell each other.
extension Ranks {
  /// Brings every rank's part of `values` to all others, into the same place.
  ///
  /// Whoever may have failed before has to be met first, here and below.
  public func gather<Value: BitwiseCopyable>(
    _ values: UnsafeMutableBufferPointer<Value>, parts: [Range<Int>]
  ) throws(CommunicationError) {
    let stride = MemoryLayout<Value>.stride
    try communicator.gather(
      UnsafeMutableRawBufferPointer(values),
      parts: parts.map { $0.lowerBound * stride..<$0.upperBound * stride })
  }

  /// Brings every rank's part of `values` to all others, into the same place.
  public func gather<Value: BitwiseCopyable>(
    _ values: inout [Value], parts: [Range<Int>]
  ) throws {
    try values.withUnsafeMutableBufferPointer { try gather($0, parts: parts) }
  }

  /// Each rank's text, in the order of ranks, after a meeting.
  public func gather(_ text: String) throws -> [String] {
    try meet()
    return try gatherNow(text)
  }

  /// Gives all ranks the text that rank 0 has, after a meeting.
  public func share(_ text: String) throws -> String { try gather(own == 0 ? text : "")[0] }

  /// Gives all ranks the number that rank 0 has, after a meeting.
  public func share(_ number: Int) throws -> Int {
    try meet()
    var numbers = [number]
    try numbers.withUnsafeMutableBufferPointer { try share($0) }
    return numbers[0]
  }

  private func gatherNow(_ text: String) throws -> [String] {
    let own = Array(text.utf8)
    var counts = Array(repeating: own.count, count: count)
    try gather(&counts, parts: (0..<count).map { $0..<$0 + 1 })
    let parts = ranges(counts)
    var all = Array(repeating: UInt8(0), count: parts.last?.upperBound ?? 0)
    all.replaceSubrange(parts[self.own], with: own)
    try gather(&all, parts: parts)
    return parts.map { String(decoding: all[$0], as: UTF8.self) }
  }

  /// Gives all ranks what rank 0 has.
  public func share<Value: BitwiseCopyable>(
    _ values: UnsafeMutableBufferPointer<Value>
  ) throws(CommunicationError) {
    let nothing = values.count..<values.count
    try gather(values, parts: [0..<values.count] + Array(repeating: nothing, count: count - 1))
  }
}

/// Ranges of so many elements, one after the other.
func ranges(_ counts: [Int]) -> [Range<Int>] {
  var end = 0
  return counts.map { count in
    defer { end += count }
    return end..<end + count
  }
}
