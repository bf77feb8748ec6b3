/// How much memory the system has and gives, in bytes; nil where it does not say.
package struct MemoryLimits: Sendable {
  /// Of the machine.
  package let total: Int?
  /// What the machine could give without swapping.
  package let free: Int?
  /// The tightest limit of the control groups that this process is in: beyond it a process is
  /// killed, not refused.
  package let groupLimit: Int?
  private let groupLeft: Int?

  package init(_ files: HostFiles = HostFiles()) {
    func bytes(_ key: String) -> Int? {
      files.value(of: key, in: "/proc/meminfo")?.split(separator: " ").first
        .flatMap { Int($0) }.map { $0 << 10 }
    }
    total = bytes("MemTotal")
    free = bytes("MemAvailable")
    let groups = ControlGroups(files: files).memory
    groupLimit = groups.map(\.limit).min()
    groupLeft = groups.map(\.left).min()
  }

  /// What this process can still have: the smaller of the machine's and of its groups'.
  package var available: Int? { [free, groupLeft].compactMap(\.self).min() }
}
