import HostMachine
import Testing

@Suite("Memory limits")
struct MemoryLimitsTests {
  private let machine = [
    "/proc/meminfo": "MemTotal:       1024 kB\nMemFree: 1 kB\nMemAvailable:    512 kB\n"
  ]

  private func limits(_ files: [String: String]) throws -> MemoryLimits {
    try withHost(machine.merging(files) { $1 }) { MemoryLimits($0) }
  }

  @Test("are the machine's where no group has less")
  func machineAlone() throws {
    let limits = try limits([:])
    #expect(limits.total == 1 << 20)
    #expect(limits.available == 1 << 19)
    #expect(limits.groupLimit == nil)
  }

  @Test("are what is left of the tightest group")
  func secondVersion() throws {
    let limits = try limits([
      "/proc/self/cgroup": "0::/user/job\n",
      "/sys/fs/cgroup/user/memory.max": "400000\n",
      "/sys/fs/cgroup/user/memory.current": "300000\n",
      "/sys/fs/cgroup/user/job/memory.max": "max\n",
      "/sys/fs/cgroup/user/job/memory.current": "300000\n",
    ])
    #expect(limits.groupLimit == 400_000)
    #expect(limits.available == 100_000)
  }

  @Test("know version 1, whose largest number is no limit")
  func firstVersion() throws {
    let group = [
      "/proc/self/cgroup": "4:memory:/job\n",
      "/sys/fs/cgroup/memory/job/memory.limit_in_bytes": "9000\n",
      "/sys/fs/cgroup/memory/job/memory.usage_in_bytes": "10000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "10000\n",
    ]
    #expect(try limits(group).groupLimit == 9000)
    #expect(try limits(group).available == 0)
  }

  @Test("are unknown where the system says nothing")
  func nothing() throws {
    #expect(try withHost([:]) { MemoryLimits($0) }.available == nil)
  }
}
