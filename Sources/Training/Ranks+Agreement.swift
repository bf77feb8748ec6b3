import Communication
import Executors

extension Ranks {
  /// Runs what may fail or be stopped on one rank alone, and has all ranks come out of it alike.
  ///
  /// - Throws: what `body` throws; `ExecutorError` with code `stopped` where any rank was stopped;
  ///   `RankFailure` where another one has failed.
  public func together<Result>(_ body: () throws -> Result) throws -> Result {
    try agree(on: Swift.Result(catching: body))
  }

  /// The same for what was done already.
  func agree<Value>(on result: Result<Value, any Error>) throws -> Value {
    if count == 1 || haveParted { return try result.get() }
    switch result {
    case .success(let value):
      if try meet(.fine) == .stopped { throw ExecutorError.stoppedOnRequest }
      return value
    case .failure(let error as ExecutorError) where error.code == .stopped:
      try meet(.stopped)
      throw error
    case .failure(let error as CommunicationError):
      // Ranks that cannot be spoken to hear no reasons.
      throw error
    case .failure(let error):
      try part(error)
      throw error
    }
  }
}
