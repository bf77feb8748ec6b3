import AdaBatch
import Foundation

extension Examination {
  static func machine(
    _ trial: Result<Trial, Trial.Failed>?, _ load: MachineLoad?
  ) -> [Finding] {
    let machine = Machine.current
    let trial = try? trial?.get()
    return [
      Finding("machine", "system", .ok, "\(machine.operatingSystem), \(machine.kernel)"),
      Finding("machine", "processor", .ok, "\(machine.cpu) (\(machine.instructionSet))"),
      cores(load?.cores), trial.map { threads($0.threads, load?.cores) }, busy(load), memory,
      trial.map(footprint),
    ].compactMap(\.self)
  }

  private static func cores(_ cores: AvailableCores?) -> Finding {
    guard let cores else { return Finding("machine", "cores", .warning, "unknown", fix: noProc) }
    let machine = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    var text = "\(cores.allowed.count) of \(machine) may be used"
    if cores.physical.count < cores.allowed.count {
      text += ", threads of \(cores.physical.count) physical ones"
    }
    if let quota = cores.quota { text += ", for \(String(format: "%.1f", quota)) cores' time" }
    return Finding("machine", "cores", .ok, text)
  }

  private static func threads(_ threads: Int, _ cores: AvailableCores?) -> Finding {
    let text = "\(threads) unless --threads says otherwise"
    guard let cores, threads > cores.count else { return Finding("machine", "threads", .ok, text) }
    return Finding(
      "machine", "threads", .warning, text,
      fix: "\(cores.count) can run at the same time: use --threads \(cores.count)")
  }

  private static func busy(_ load: MachineLoad?) -> Finding {
    var averages = [0.0, 0, 0]
    let known = getloadavg(&averages, 3)
    let average = averages.prefix(max(0, Int(known))).map { String(format: "%.2f", $0) }
      .joined(separator: ", ")
    let text = "average \(average) in 1, 5, 15 minutes"
    guard let load else { return Finding("machine", "load", .warning, text, fix: noProc) }
    let busy = "other programs use \(String(format: "%.1f", load.busyCores)) cores; \(text)"
    guard load.isBusy else { return Finding("machine", "load", .ok, busy) }
    let free = load.freeCores == 1 ? "1 thread" : "\(load.freeCores) threads"
    return Finding(
      "machine", "load", .warning, busy,
      fix: "with more than \(free) a step can take 3 to 60 times as long: use --threads"
        + " \(load.freeCores), or wait for them")
  }

  private static var memory: Finding {
    let limits = MemoryLimits()
    guard let total = limits.total, let available = limits.available else {
      return Finding("machine", "memory", .warning, "unknown", fix: noProc)
    }
    let limit = limits.groupLimit.map { ", \(gigabytes($0)) at most in this control group" } ?? ""
    let text = "\(gigabytes(total)), \(gigabytes(available)) can be had\(limit)"
    return available < 1 << 29
      ? Finding(
        "machine", "memory", .warning, text,
        fix: "adabatch networks NAME shows what a network needs; --micro-batch N lowers it")
      : Finding("machine", "memory", .ok, text)
  }

  private static func footprint(_ trial: Trial) -> Finding {
    Finding(
      "machine", "footprint", .ok,
      "\(trial.residentBytes >> 20) MB after the training step, \(trial.peakBytes >> 20) MB at"
        + " most")
  }

  static func gigabytes(_ bytes: Int) -> String {
    String(format: "%.1f GB", Double(bytes) / Double(1 << 30))
  }

  private static let noProc = "this system has no /proc that says; watch the load yourself"
}
