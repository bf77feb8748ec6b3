import Foundation

/// A program of this package that is still running, which a test sends signals to.
final class RunningTool {
  private let process = Process()
  private let stderr = Pipe()

  /// Starts it as ``Tool/run(_:in:environment:)`` does; what it prints to stdout is lost.
  ///
  /// - Parameter ignored: a signal that it is started to ignore, as shells start programs in the
  ///   background.
  convenience init(
    _ tool: Tool, _ arguments: [String], in folder: URL, ignoring ignored: Int32? = nil,
    environment: [String: String] = [:]
  ) throws {
    try self.init(
      [try tool.path] + arguments, in: folder, ignoring: ignored, environment: environment)
  }

  /// Starts any program, by its name or path.
  init(
    _ words: [String], in folder: URL, ignoring ignored: Int32? = nil,
    environment: [String: String] = [:]
  ) throws {
    let trap = ignored.map { "trap '' \($0); " } ?? ""
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", trap + "exec \"$@\"", "sh"] + words
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = stderr
    process.environment = Tool.environment.merging(environment) { $1 }
    // This thread may take no signals, and what it starts would be as deaf.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
    try process.run()
  }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until something is so, or the process has ended.
  ///
  /// - Returns: whether it is so.
  func wait(until isSo: () throws -> Bool) rethrows -> Bool {
    while process.isRunning {
      if try isSo() { return true }
      usleep(5000)
    }
    return try isSo()
  }

  /// Waits for so many seconds, or the end.
  func wait(seconds: Double) {
    let end = ContinuousClock.now + .seconds(seconds)
    while process.isRunning, ContinuousClock.now < end { usleep(2000) }
  }

  struct End {
    /// The exit code, or 128 and the signal that ended it.
    let status: Int32
    let stderr: String
  }

  /// Waits for the end.
  func end() throws -> End {
    let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
    return End(
      status: signal + process.terminationStatus, stderr: String(decoding: errors, as: UTF8.self))
  }
}
