/// Ranks that cannot be joined, or that do not hear of each other any more.
public struct CommunicationError: Error, Sendable, Equatable {
  /// An open set of kinds of faults.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// This build, or the MPI library, cannot do what the launcher asks for.
    public static let unavailable = Code("unavailable")
    /// A call of the MPI library failed in the middle of a job.
    public static let broken = Code("broken")
  }

  public let code: Code
  public let problem: String
  public let fix: String

  public init(_ code: Code, problem: String, fix: String) {
    self.code = code
    self.problem = problem
    self.fix = fix
  }
}

extension CommunicationError: CustomStringConvertible {
  public var description: String { "\(problem)\n  fix: \(fix)" }
}
