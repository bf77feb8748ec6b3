/// A directory that a run cannot be in, why, and what to do about it.
///
/// The text is for people and may change; programs read ``code``.
public struct RunDirectoryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault; later versions may know more kinds.
  public struct Code: Sendable, Hashable {
    private enum Kind: Sendable { case notADirectory, holdsAnotherRun, notWritable, notARun, inUse }
    private let kind: Kind

    /// Something that is not a directory has that name, or lies on the way to it.
    public static let notADirectory = Self(kind: .notADirectory)
    /// A new run would overwrite what is there.
    public static let holdsAnotherRun = Self(kind: .holdsAnotherRun)
    /// It cannot be created, or nothing can be created in it.
    public static let notWritable = Self(kind: .notWritable)
    /// Another process writes into it.
    public static let inUse = Self(kind: .inUse)
    /// There is no run to be read.
    public static let notARun = Self(kind: .notARun)
  }

  public let code: Code
  public let path: String
  /// What is wrong, as a predicate to "run directory …".
  public let problem: String
  /// The next step.
  public let fix: String

  public init(code: Code, path: String, problem: String, fix: String) {
    self.code = code
    self.path = path
    self.problem = problem
    self.fix = fix
  }

  public var description: String { "run directory \(path) \(problem)\n  fix: \(fix)" }
}
