import Foundation
import Testing

/// Programs that some tests need, which Scripts/setup and Scripts/setup-tests install.
enum Programs {
  /// On CI nothing is skipped: there a program that is missing is a failure.
  static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

  static func path(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static var hasGnuplot: Bool { isCI || path("gnuplot") != nil }
  static var hasBrowser: Bool { isCI || hasGnuplot && path("chromium") != nil }

  /// Runs a program; returns what it printed.
  static func run(_ name: String, _ arguments: [String]) throws -> (stdout: String, stderr: String)
  {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path(name), "there is no \(name)"))
    process.arguments = arguments
    // A file: a browser leaves processes that keep a pipe open.
    let folder = try TemporaryFolder()
    let names = (folder("stdout"), folder("stderr"))
    for name in [names.0, names.1] { try Data().write(to: URL(filePath: name)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: names.0))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: names.1))
    // This thread may take no signals, and what it starts would be as deaf.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
    try process.run()
    process.waitUntilExit()
    return (try folder.text("stdout"), try folder.text("stderr"))
  }
}
