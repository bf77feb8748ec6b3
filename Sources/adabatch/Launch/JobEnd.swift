import Foundation

/// How one rank of a launched job ended.
struct RankExit: Equatable {
  let rank: Int
  let host: String
  /// The exit code, or the number of the signal that ended it.
  let code: Int32

  /// What a line of MPICH's launcher says of all ranks: `[mpiexec@a] Exit codes: [a] 0,9 [b] 0`.
  ///
  /// nil for any other line. Ranks are counted through the hosts, as they are launched.
  static func all(in line: String) -> [RankExit]? {
    guard line.hasPrefix("[mpiexec@"), let label = line.firstRange(of: "Exit codes:") else {
      return nil
    }
    var (exits, host) = ([RankExit](), "")
    for word in line[label.upperBound...].split(separator: " ") {
      if word.hasPrefix("[") {
        host = word.trimmingCharacters(in: ["[", "]"])
      } else {
        for code in word.split(separator: ",").compactMap({ Int32($0) }) {
          exits.append(RankExit(rank: exits.count, host: host, code: code))
        }
      }
    }
    return exits
  }
}

/// How a launched job ended, and whether it is worth another try.
struct JobEnd {
  /// The launcher's exit code.
  let code: Int32
  /// Of each rank, where the launcher tells.
  let ranks: [RankExit]
  /// Whether it was asked to stop by a signal.
  let wasStopped: Bool

  /// Whether a rank died or froze: settings, data and disks are as they were, and the run goes on.
  ///
  /// Launchers return the number of the signal that ended a rank, or 128 more.
  var mayGoOn: Bool {
    !wasStopped && (code == Failure.otherRankFailed || Self.signals.contains(code))
  }

  private static let signals: Set<Int32> = Set(
    [SIGKILL, SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP, SIGFPE].flatMap { [$0, 128 + $0] })

  /// What ended it, as far as that is known here.
  var reason: String {
    if code == Failure.otherRankFailed { return "a rank was frozen" }
    guard let rank = ranks.first(where: { Self.signals.contains($0.code) }) else {
      return "a rank was ended by signal \(code % 128)"
    }
    return "rank \(rank.rank) on \(rank.host) was ended by signal \(rank.code % 128)"
      + " (\(String(cString: strsignal(rank.code % 128))))"
  }
}
