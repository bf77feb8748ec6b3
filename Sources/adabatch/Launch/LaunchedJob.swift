import AdaBatch
import Foundation
import Synchronization

/// One try of a launched training: mpirun with its ranks, from start to end.
enum LaunchedJob {
  // Handlers of signals are functions of C, which carry nothing with them.
  private static let child = Atomic<pid_t>(0)
  private static let signalled = Atomic<Int32>(0)

  /// Runs the ranks to their end, and hands signals on to the launcher, which hands them to ranks.
  ///
  /// - Parameters:
  ///   - launcher: the launcher's command and options.
  ///   - command: the tool's words, for each rank.
  /// - Throws: `CommunicationError` where the launcher cannot be run.
  static func run(launcher: [String], ranks: Int, _ command: [String]) throws -> JobEnd {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      launcher + exitCodeOptions(launcher) + ["-n", "\(ranks)", try ownPath()] + command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    handOnSignals()
    do {
      try process.run()
    } catch {
      throw unavailable(launcher, "\(error.localizedDescription)")
    }
    child.store(process.processIdentifier, ordering: .relaxed)
    let codes = passOn(output.fileHandleForReading)
    process.waitUntilExit()
    child.store(0, ordering: .relaxed)
    // What env, and shells, say of a program that there is not.
    if process.terminationStatus == 127, codes.isEmpty { throw unavailable(launcher, "not found") }
    let isSignal = process.terminationReason == .uncaughtSignal
    return JobEnd(
      code: (isSignal ? 128 : 0) + process.terminationStatus, ranks: codes,
      wasStopped: signalled.load(ordering: .relaxed) != 0)
  }

  /// MPICH's launcher tells the exit code of each rank when asked.
  private static func exitCodeOptions(_ launcher: [String]) -> [String] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [launcher[0], "--version"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return [] }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.contains("HYDRA") ? ["-print-all-exitcodes"] : []
  }

  /// Prints what the ranks print, as it comes, but for the line with their exit codes.
  private static func passOn(_ output: FileHandle) -> [RankExit] {
    var codes: [RankExit] = []
    var rest = Data()
    while true {
      let next = output.availableData
      rest += next
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest = Data(rest[(end + 1)...])
        if let found = RankExit.all(in: line) { codes = found } else { Console.printProgress(line) }
      }
      if next.isEmpty { return codes }
    }
  }

  private static func handOnSignals() {
    Interruption.unblock([SIGINT, SIGTERM])
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        LaunchedJob.signalled.store(number, ordering: .relaxed)
        let child = LaunchedJob.child.load(ordering: .relaxed)
        if child > 0 { kill(child, number) }
      }
    }
  }

  private static func ownPath() throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }

  private static func unavailable(_ launcher: [String], _ reason: String) -> CommunicationError {
    CommunicationError(
      .unavailable, problem: "\(launcher.joined(separator: " ")) cannot be run: \(reason)",
      fix: "install MPICH (apt-get install mpich), or name a launcher with --mpirun")
  }
}
