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
  /// - Parameter command: the tool's words, for each rank.
  static func run(_ launcher: Launcher, ranks: Int, _ command: [String]) throws -> JobEnd {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: launcher.path)
    let report = LaunchReport(path: NSTemporaryDirectory() + "adabatch-launch-\(UUID())")
    defer { unlink(report.path) }
    process.arguments =
      launcher.options + ["-n", "\(ranks)", try ownPath()] + command + [
        "--launch-report", report.path,
      ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    handOnSignals()
    try process.run()
    child.store(process.processIdentifier, ordering: .relaxed)
    // One that came between two tries, when there was nobody to hand it to.
    let early = signalled.load(ordering: .relaxed)
    if early != 0 { kill(process.processIdentifier, early) }
    let first = passOn(output.fileHandleForReading)
    process.waitUntilExit()
    child.store(0, ordering: .relaxed)
    let isSignal = process.terminationReason == .uncaughtSignal
    return JobEnd(
      status: (isSignal ? 128 : 0) + process.terminationStatus, process: first,
      stop: signalled.load(ordering: .relaxed), report)
  }

  /// Prints what the ranks print, as it comes.
  ///
  /// - Returns: the number of the process that ended first, which MPICH's launcher tells in
  ///   `=   PID 1234 RUNNING AT host`.
  private static func passOn(_ output: FileHandle) -> Int? {
    var process: Int?
    var rest = Data()
    while true {
      let next = output.availableData
      rest += next
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest = Data(rest[(end + 1)...])
        if line.hasPrefix("=   PID ") { process = process ?? Int(line.split(separator: " ")[2]) }
        Console.printProgress(line)
      }
      if next.isEmpty { return process }
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
}
