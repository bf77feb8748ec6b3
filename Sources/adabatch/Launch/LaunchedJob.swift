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
    process.arguments =
      launcher.options + ["-n", "\(ranks)"] + RankEnd.shell + [try ownPath()] + command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    handOnSignals()
    try process.run()
    child.store(process.processIdentifier, ordering: .relaxed)
    // One that came between two tries, when there was nobody to hand it to.
    let early = signalled.load(ordering: .relaxed)
    if early != 0 { kill(process.processIdentifier, early) }
    let ends = passOn(output.fileHandleForReading)
    process.waitUntilExit()
    child.store(0, ordering: .relaxed)
    let isSignal = process.terminationReason == .uncaughtSignal
    return JobEnd(
      ranks: ends, status: (isSignal ? 128 : 0) + process.terminationStatus,
      wasStopped: signalled.load(ordering: .relaxed) != 0)
  }

  /// Prints what the ranks print, as it comes.
  ///
  /// - Returns: how they ended, the first one first.
  private static func passOn(_ output: FileHandle) -> [RankEnd] {
    var ends: [RankEnd] = []
    var rest = Data()
    while true {
      let next = output.availableData
      rest += next
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest = Data(rest[(end + 1)...])
        if let end = RankEnd(line: line) { ends.append(end) } else { Console.printProgress(line) }
      }
      if next.isEmpty { return ends }
    }
  }

  private static func handOnSignals() {
    Interruption.unblock([SIGINT, SIGTERM, SIGHUP])
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        // A terminal that is gone is no reason to lose what was trained.
        let number = number == SIGHUP ? SIGTERM : number
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
