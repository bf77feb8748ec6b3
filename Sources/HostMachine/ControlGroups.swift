/// The control groups that this process is in: what a container, a batch system or a service
/// manager lets it use.
///
/// > Source: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1; cgroups(7).
struct ControlGroups {
  let files: HostFiles

  /// Cores' worth of time that the tightest quota gives, or nil where there is none.
  var coreQuota: Double? {
    let second = folders(of: "").compactMap { quota(files.text($0 + "/cpu.max")) }
    let first = folders(of: "cpu").compactMap { folder -> Double? in
      guard let quota = files.number(folder + "/cpu.cfs_quota_us"), quota > 0,
        let period = files.number(folder + "/cpu.cfs_period_us"), period > 0
      else { return nil }
      return Double(quota) / Double(period)
    }
    return (second + first).min()
  }

  /// The limits on memory with what is left of them, in bytes.
  var memory: [(limit: Int, left: Int)] {
    limits(in: folders(of: ""), "/memory.max", "/memory.current")
      + limits(in: folders(of: "memory"), "/memory.limit_in_bytes", "/memory.usage_in_bytes")
  }

  /// The folders of the process's group and of those around it, each of which may limit it.
  ///
  /// - Parameter controller: of version 1; empty for the one hierarchy of version 2.
  private func folders(of controller: String) -> [String] {
    let lines = (files.text("/proc/self/cgroup") ?? "").split(separator: "\n")
    let fields = lines.map {
      $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }
    let own = fields.first { fields in
      fields.count == 3
        && (fields[1].split(separator: ",").contains { $0 == controller }
          || fields[1] == controller)
    }
    let base = "/sys/fs/cgroup" + (controller.isEmpty ? "" : "/" + controller)
    var names = (own?[2] ?? "").split(separator: "/")
    var folders = [base]
    // A container often sees its own group as the root, under another's name in /proc.
    while !names.isEmpty {
      folders.append(base + "/" + names.joined(separator: "/"))
      names.removeLast()
    }
    return folders
  }

  /// `cpu.max`: microseconds in each period, or `max`, and the period.
  private func quota(_ text: String?) -> Double? {
    let numbers = (text ?? "").split { $0.isWhitespace }.map { Int($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else {
      return nil
    }
    return Double(quota) / Double(period)
  }

  private func limits(
    in folders: [String], _ limit: String, _ usage: String
  ) -> [(limit: Int, left: Int)] {
    folders.compactMap { folder in
      // Version 1 writes the largest number there is for no limit.
      guard let limit = files.number(folder + limit), limit < 1 << 60,
        let used = files.number(folder + usage)
      else { return nil }
      return (limit, max(0, limit - used))
    }
  }
}
