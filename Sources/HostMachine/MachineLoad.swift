import Foundation

/// How busy other programs keep the cores that this process may use.
///
/// It matters more than it does elsewhere: the threads of an OpenMP team wait for the slowest of
/// them many times in each step, so one neighbour on one core slows all of them down.
public struct MachineLoad: Sendable, Equatable {
  /// Cores' worth of time that everything but this process was using.
  public let busyCores: Double
  /// The cores that this process may use.
  public let cores: AvailableCores

  package init(busyCores: Double, cores: AvailableCores) {
    self.busyCores = busyCores
    self.cores = cores
  }

  /// Looks at the machine for a while, sleeping.
  ///
  /// nil where the system does not tell.
  public static func measure(over duration: Duration = .milliseconds(100)) -> MachineLoad? {
    Watch().load(over: duration)
  }

  /// Looks from the moment on when it is made, while the process does something else.
  package struct Watch: Sendable {
    private let start = ContinuousClock.now
    private let ownStart = MachineLoad.ownSeconds
    private let before = HostFiles().text("/proc/stat") ?? ""

    package init() {}

    /// The load since then; sleeps for what is missing of `duration`.
    package func load(over duration: Duration = .milliseconds(100)) -> MachineLoad? {
      let files = HostFiles()
      guard let cores = AvailableCores(files) else { return nil }
      let missing = duration - (ContinuousClock.now - start)
      if missing > .zero { Thread.sleep(forTimeInterval: missing / .seconds(1)) }
      let after = files.text("/proc/stat") ?? ""
      let own = (MachineLoad.ownSeconds - ownStart) / ((ContinuousClock.now - start) / .seconds(1))
      return MachineLoad(before: before, after: after, ownCores: own, cores: cores)
    }
  }

  /// Whether other programs use enough to disturb a team of threads.
  public var isBusy: Bool { busyCores >= 0.5 }

  /// Cores that can be had without sharing one, at least 1.
  public var freeCores: Int {
    // A tenth of a core is what every system does in between.
    let neighbours = isBusy ? max(1, Int((busyCores - 0.1).rounded(.up))) : 0
    return max(1, min(cores.count, cores.allowed.count - neighbours))
  }

  /// What to tell a user who computes with so many threads, in a line; nil where all is well.
  ///
  /// A single thread waits for nobody, so it is always well.
  public func warning(threads: Int) -> String? {
    guard threads > freeCores else { return nil }
    let count = cores.count == 1 ? "1 core" : "\(cores.count) cores"
    if threads > cores.count {
      return "\(threads) threads for the \(count) that \(cores.reason) leaves this process: threads"
        + " that share a core can take 3 to 60 times as long; use --threads \(freeCores)"
    }
    let busy = String(format: "%.1f", busyCores)
    return "other programs are using \(busy) of \(cores.allowed.count) cores: with \(threads)"
      + " threads a step can take 3 to 60 times as long; use --threads \(freeCores), or wait for"
      + " them"
  }

  /// Seconds of processor time that this process has used, in all its threads.
  private static var ownSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension MachineLoad {
  /// Compares two readings of `/proc/stat`.
  ///
  /// - Parameter ownCores: cores' worth of time that this process itself used in between.
  package init?(before: String, after: String, ownCores: Double, cores: AvailableCores) {
    let (before, after) = (CPUTime.ofEachCPU(in: before), CPUTime.ofEachCPU(in: after))
    let shares = cores.allowed.compactMap { cpu -> Double? in
      guard let first = before[cpu], let last = after[cpu] else { return nil }
      return last.busyShare(since: first)
    }
    // Some sandboxes show zeros that never move.
    if shares.isEmpty { return nil }
    self.init(busyCores: max(0, shares.reduce(0, +) - ownCores), cores: cores)
  }
}

/// What a CPU has done since the machine started, in ticks.
private struct CPUTime {
  let busy: Int
  let idle: Int

  /// The `cpuN` lines of `/proc/stat`, whose columns proc(5) explains.
  static func ofEachCPU(in stat: String) -> [Int: CPUTime] {
    var times: [Int: CPUTime] = [:]
    for line in stat.split(separator: "\n") where line.hasPrefix("cpu") {
      let words = line.split(separator: " ")
      let ticks = words.dropFirst().prefix(8).compactMap { Int($0) }
      guard let cpu = Int(words[0].dropFirst(3)), ticks.count >= 4 else { continue }
      // user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of user.
      let idle = ticks[3] + (ticks.count > 4 ? ticks[4] : 0)
      times[cpu] = CPUTime(busy: ticks.reduce(0, +) - idle, idle: idle)
    }
    return times
  }

  /// nil where no time has passed.
  func busyShare(since earlier: CPUTime) -> Double? {
    let busy = max(0, busy - earlier.busy)
    // The count of a CPU that waits for disks may fall.
    let idle = max(0, idle - earlier.idle)
    return busy + idle > 0 ? Double(busy) / Double(busy + idle) : nil
  }
}
