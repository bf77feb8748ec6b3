import Foundation

/// How a launched job ended, and whether it is worth another try.
struct JobEnd {
  /// The launcher's exit code, with the numbers of signals above 128.
  let code: Int32
  /// Who ended first, as `rank 1 on host`, where that is known.
  let first: String?

  /// - Parameters:
  ///   - status: the launcher's exit code: a rank's own, or the number of the signal that ended it.
  ///   - process: the number of the process that ended first, where the launcher tells.
  ///   - stop: the signal that asked the job to stop; 0 for none.
  init(status: Int32, process: Int?, stop: Int32, _ report: LaunchReport) {
    // MPICH 4.0's mpirun returns 0 now and then when it has handed a signal on.
    let isLost = stop != 0 && (status == stop || status == 0 && !report.isFinished)
    code = isLost ? 128 + stop : Self.deaths.contains(status) ? 128 + status : status
    wasStopped = stop != 0
    first = process.map { process in
      report.rank(ofProcess: process).map { "rank \($0.rank) on \($0.host)" }
        ?? "process \(process)"
    }
  }

  private let wasStopped: Bool

  /// Whether a rank died or froze: settings, data and disks are as they were, and the run goes on.
  var mayGoOn: Bool {
    !wasStopped && (code == Failure.otherRankFailed || Self.deaths.contains(code - 128))
  }

  private static let deaths: Set<Int32> = [
    SIGKILL, SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP, SIGFPE,
  ]

  /// What ended it, as far as that is known here.
  var reason: String {
    if code == Failure.otherRankFailed { return "a rank was frozen or cut off" }
    let signal = code - 128
    return
      "\(first ?? "a rank") was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
  }
}
