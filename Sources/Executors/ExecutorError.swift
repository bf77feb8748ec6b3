/// A program that cannot be compiled or run: why, and what to do.
public struct ExecutorError: Error, Sendable, Equatable {
  /// An open set of kinds of faults.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// The device has not enough memory for so many images.
    public static let outOfMemory = Code("out of memory")
    /// The library under the executor refused.
    public static let library = Code("library")
    /// The device cannot do what is asked of it.
    public static let unsupported = Code("unsupported")
    /// A ``StopRequest`` was made.
    public static let stopped = Code("stopped")

    var text: String { name }
  }

  public let code: Code
  public let problem: String
  public let fix: String
  /// Images that would fit together, where memory is what is missing and some would.
  public let imagesThatFit: Int?

  public init(_ code: Code, problem: String, fix: String, imagesThatFit: Int? = nil) {
    self.code = code
    self.problem = problem
    self.fix = fix
    self.imagesThatFit = imagesThatFit
  }
}

extension ExecutorError: CustomStringConvertible {
  public var description: String { "\(code.text): \(problem)\n  fix: \(fix)" }
}
