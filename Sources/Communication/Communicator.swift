/// The way from one rank to the others: one process, or the ranks of an MPI job.
///
/// All ranks make the same calls in the same order. Bytes go between ranks as they are, so ranks
/// are of one build and one kind of processor.
public protocol Communicator: AnyObject {
  /// This process's number, from 0.
  var rank: Int { get }
  /// The name of each rank's host, in the order of ranks.
  var hosts: [String] { get }
  /// As a start line names it: `MPICH 4.0.2`; nil for one process.
  var library: String? { get }
  /// What this rank has sent so far.
  var traffic: Traffic { get }

  /// Sends and receives, and returns when all of it is done.
  ///
  /// Messages between two ranks arrive in the order in which they are listed.
  ///
  /// - Throws: ``CommunicationError``.
  func exchange(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CommunicationError)

  /// Brings every rank's part of `bytes` to all others, into the same place.
  ///
  /// - Parameter parts: of each rank, the same on all of them; empty ones are allowed.
  /// - Throws: ``CommunicationError``.
  func gather(
    _ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>]
  ) throws(CommunicationError)

  /// Starts to notice ranks that are frozen, until ``leave()``; to be called once.
  func notice(_ watch: RankWatch)

  /// A board for notes among all ranks, until ``leave()``: all of them ask for it, once.
  func openBoard() -> NoteBoard

  /// Takes leave of the others, who do the same; nothing is sent afterwards.
  func leave()

  /// Ends all ranks at once, and this process with them.
  func abort(code: Int32) -> Never
}

extension Communicator {
  /// How many ranks there are.
  public var rankCount: Int { hosts.count }
}

/// Messages and bytes that a rank has sent to others.
public struct Traffic: Sendable, Equatable {
  /// A gathered part counts as one message to each other rank, whatever the library makes of it.
  public var messages = 0
  public var bytes = 0

  public init() {}

  package mutating func add(messages: Int, bytes: Int) {
    self.messages += messages
    self.bytes += bytes
  }

  public static func - (left: Traffic, right: Traffic) -> Traffic {
    var difference = left
    difference.messages -= right.messages
    difference.bytes -= right.bytes
    return difference
  }
}
