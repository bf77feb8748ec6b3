import Foundation

/// Data that cannot be used: which file, what is wrong with it, and what to do.
public struct DataError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault, for programs; people read ``problem``.
  public let code: Code
  /// The file or folder at fault, as a path, or the name of the data set.
  public let file: String
  /// What is wrong, with the value that was found and the value that was expected.
  public let problem: String
  /// What the user can do about it.
  public let fix: String

  public init(_ code: Code, _ file: String, _ problem: String, fix: String) {
    self.code = code
    self.file = file
    self.problem = problem
    self.fix = fix
  }

  public var description: String { "\(file): \(problem)\n  fix: \(fix)" }
}

extension DataError {
  /// An open set: later versions add codes.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// A file or folder is not there.
    public static let missingFile = Code(description: "missingFile")
    /// A file stands where a folder is needed, or the other way round.
    public static let wrongKind = Code(description: "wrongKind")
    /// The system refuses to open, map or list it.
    public static let unreadable = Code(description: "unreadable")
    /// A file is truncated, oversized or not of this data set.
    public static let wrongSize = Code(description: "wrongSize")
    /// A label lies outside the data set's classes.
    public static let badLabel = Code(description: "badLabel")
    /// Two files that should differ hold the same bytes.
    public static let duplicateFile = Code(description: "duplicateFile")
    /// Training and test files have changed places.
    public static let swappedFiles = Code(description: "swappedFiles")
    /// Pixels and labels given in memory do not belong together.
    public static let badImages = Code(description: "badImages")
    /// A file's bytes are not those that its checksum promises.
    public static let wrongChecksum = Code(description: "wrongChecksum")
    /// An archive is damaged, or not one.
    public static let badArchive = Code(description: "badArchive")
    /// A download did not come about, for a reason of the network's or the server's.
    public static let downloadFailed = Code(description: "downloadFailed")
    /// An address that is not of the web.
    public static let badAddress = Code(description: "badAddress")
    /// A folder with other files stands where the data set's is to be.
    public static let badFolder = Code(description: "badFolder")
    /// A program of the system's is not there.
    public static let missingProgram = Code(description: "missingProgram")
    /// Another process works on the same folder.
    public static let inUse = Code(description: "inUse")
    /// The images are not those that were there before.
    public static let changed = Code(description: "changed")
  }
}

extension DataError {
  /// The error for a system call that failed on `path`.
  ///
  /// - Parameter number: the `errno` of the call.
  static func system(_ path: String, _ number: Int32, fix: String) -> DataError {
    let reason = String(cString: strerror(number))
    return switch number {
    case ENOENT: DataError(.missingFile, path, "no such file or folder", fix: fix)
    case ENOTDIR: DataError(.wrongKind, path, "a file, but a folder is needed", fix: fix)
    default: DataError(.unreadable, path, "cannot be read: \(reason)", fix: fix)
    }
  }
}

/// Writes a whole number with a comma between thousands.
package func grouped(_ number: Int) -> String {
  var text = ""
  for (place, digit) in String(number).reversed().enumerated() {
    if place > 0, place % 3 == 0, digit != "-" { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}
