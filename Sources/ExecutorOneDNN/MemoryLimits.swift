import Foundation

/// What the system could still give without swapping, in bytes.
enum MemoryLimits {
  /// The smaller of the machine's free memory and what is left in this process's control group;
  /// nil where neither says.
  static var availableBytes: Int? {
    [freeBytes, groupBytes].compactMap(\.self).min()
  }

  private static var freeBytes: Int? {
    let line = text("/proc/meminfo")?.split(separator: "\n")
      .first { $0.hasPrefix("MemAvailable:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
  }

  /// A container's limit (control groups, version 2): beyond it a process is killed, not refused.
  private static var groupBytes: Int? {
    guard let limit = number("/sys/fs/cgroup/memory.max"),
      let used = number("/sys/fs/cgroup/memory.current")
    else { return nil }
    return max(0, limit - used)
  }

  private static func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
