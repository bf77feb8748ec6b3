import Foundation

/// How a launched job ended, and whether it is worth another try.
struct JobEnd {
  /// What the ranks left with: 128 and the signal where one was ended by it.
  let code: Int32
  /// The rank that died; nil where none did, or nobody says which.
  private let dead: RankEnd?
  private let wasStopped: Bool

  /// - Parameters:
  ///   - ranks: those whose shells could say how they ended, the first one first.
  ///   - status: the launcher's exit code, for what they could not.
  ///   - wasStopped: whether the job was asked to end.
  init(ranks: [RankEnd], status: Int32, wasStopped: Bool) {
    dead = ranks.first { Self.deaths.contains($0.code - 128) }
    // A launcher may return the mere number of the signal.
    let launcher = Self.deaths.contains(status) ? 128 + status : status
    code = dead?.code ?? ranks.first { $0.code != 0 }?.code ?? launcher
    self.wasStopped = wasStopped
  }

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
    let who = dead.map { "rank \($0.rank) on \($0.host)" } ?? "a rank"
    let name = String(cString: strsignal(code - 128))
    return "\(who) was ended by signal \(code - 128) (\(name))"
  }
}
