import AdaBatch
import Foundation

/// A program that starts ranks: mpirun, srun, with options of its own.
struct Launcher {
  let path: String
  let options: [String]

  /// - Parameter command: the program, a name that is looked for in PATH or a path, and its options.
  /// - Throws: `CommunicationError` with code `unavailable` where there is none.
  init(_ command: String) throws(CommunicationError) {
    let words = command.split(separator: " ").map(String.init)
    let name = words.first ?? ""
    let variable = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = name.contains("/") ? [""] : variable.split(separator: ":").map { "\($0)/" }
    let paths = folders.map { $0 + name }
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
      throw CommunicationError(
        .unavailable, problem: "there is no program '\(printable(name))' to start ranks with",
        fix: "install MPICH (apt-get install mpich), or name another launcher with --mpirun")
    }
    self.path = path
    options = Array(words.dropFirst())
  }
}
