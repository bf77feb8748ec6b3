import Foundation

/// A file that cannot be read or written, why, and what to do about it.
///
/// The text is for people and may change; programs read ``code``.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault; later versions may know more kinds.
  public struct Code: Sendable, Hashable {
    private enum Kind: Sendable {
      case diskFull, notPermitted, missing, invalid, unsupported, inputOutput
    }
    private let kind: Kind

    /// No space, or no quota, is left.
    public static let diskFull = Self(kind: .diskFull)
    /// The system does not let this user do it, or nobody on this file system.
    public static let notPermitted = Self(kind: .notPermitted)
    /// There is no such file, or no such folder.
    public static let missing = Self(kind: .missing)
    /// The content is not what it should be.
    public static let invalid = Self(kind: .invalid)
    /// The content is of a newer version's making.
    public static let unsupported = Self(kind: .unsupported)
    /// Any other failure of the system's.
    public static let inputOutput = Self(kind: .inputOutput)
  }

  public let code: Code

  /// The file that was asked for, also where a temporary one beside it failed.
  public let path: String

  /// What was tried, as a verb: `write`.
  public let operation: String

  /// The cause; the system's own words where it is the system's.
  public let reason: String

  /// The next step.
  public let fix: String

  public init(code: Code, path: String, operation: String, reason: String, fix: String) {
    self.code = code
    self.path = path
    self.operation = operation
    self.reason = reason
    self.fix = fix
  }

  public var description: String { "cannot \(operation) \(path): \(reason)\n  fix: \(fix)" }
}

extension FileError {
  /// What a POSIX call left in `errno`.
  package init(errno number: Int32, path: String, operation: String) {
    let code = Code(errno: number)
    self.init(
      code: code, path: path, operation: operation, reason: String(cString: strerror(number)),
      fix: code.fix)
  }
}

extension FileError.Code {
  package init(errno number: Int32) {
    switch number {
    case ENOSPC, EDQUOT: self = .diskFull
    case EACCES, EPERM, EROFS: self = .notPermitted
    case ENOENT: self = .missing
    default: self = .inputOutput
    }
  }

  fileprivate var fix: String {
    switch self {
    case .diskFull: "free some space on that disk, or use a folder on another one"
    case .notPermitted: "use a folder that you may write to, or have its permissions changed"
    case .missing: "check the path for a typing mistake"
    default: "check the path, the disk and the system's log"
    }
  }
}
