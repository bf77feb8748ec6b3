/// A training that cannot start or go on: why, and what to do.
public struct TrainingError: Error, Sendable, Equatable {
  /// An open set of kinds of faults.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// The loss is not a finite number any more; the weights are those before this update.
    public static let diverged = Code("diverged")
    /// A number that no training can be done with.
    public static let impossibleSetting = Code("impossible setting")
    /// A data set, network or policy that does not exist.
    public static let unknownName = Code("unknown name")

    var text: String { name }
  }

  public let code: Code
  public let problem: String
  public let fix: String

  public init(_ code: Code, problem: String, fix: String) {
    self.code = code
    self.problem = problem
    self.fix = fix
  }

  /// The same, with where it happened.
  func at(_ place: String) -> TrainingError {
    TrainingError(code, problem: "\(place): \(problem)", fix: fix)
  }
}

extension TrainingError: CustomStringConvertible {
  public var description: String { "\(problem)\n  fix: \(fix)" }
}
