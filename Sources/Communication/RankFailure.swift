/// What made one rank fail, as all others hear of it.
public struct RankFailure: Error, Codable, Sendable, Equatable {
  public let rank: Int
  public let host: String
  public let message: String
  /// That the rank leaves with, and so all others.
  public let code: Int32

  public init(rank: Int, host: String, _ message: String, code: Int32) {
    self.rank = rank
    self.host = host
    self.message = message
    self.code = code
  }
}

extension RankFailure: CustomStringConvertible {
  public var description: String { "rank \(rank) on \(host): \(message)" }
}
