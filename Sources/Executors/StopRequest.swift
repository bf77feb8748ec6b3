import Synchronization

/// A wish that a program which is running stops, made from a signal or another thread.
///
/// Programs look at it between two primitives, so a pass over a large batch that takes many seconds
/// ends in a fraction of one. What such a pass has written is worth nothing.
public final class StopRequest: Sendable {
  private let made = Atomic(false)

  public init() {}

  public var isMade: Bool { made.load(ordering: .relaxed) }

  public func make() { made.store(true, ordering: .relaxed) }

  /// - Throws: ``ExecutorError`` with code `stopped` once the request is made.
  public func check() throws(ExecutorError) {
    if isMade { throw .stoppedOnRequest }
  }
}

extension ExecutorError {
  /// What a program that is asked to stop throws.
  package static let stoppedOnRequest = ExecutorError(
    .stopped, problem: "the program was stopped on request", fix: "run it again")
}
