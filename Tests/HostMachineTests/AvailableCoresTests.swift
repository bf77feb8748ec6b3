import HostMachine
import Testing

@Suite("Available cores")
struct AvailableCoresTests {
  private func cores(_ list: String, _ files: [String: String] = [:]) throws -> AvailableCores? {
    try withHost(status(allowing: list).merging(files) { $1 }) { AvailableCores($0) }
  }

  @Test("are those of the affinity where nothing else limits them")
  func affinity() throws {
    #expect(try cores("0-3,8,10-11")?.allowed == [0, 1, 2, 3, 8, 10, 11])
    #expect(try cores("0-3,8,10-11")?.count == 7)
    #expect(try cores("5")?.count == 1)
  }

  @Test(
    "are as many as the quota of the group, or of a group around it, has whole ones",
    arguments: [
      ("/sys/fs/cgroup/cpu.max", "250000 100000\n", 2),
      ("/sys/fs/cgroup/batch/job7/cpu.max", "50000 100000\n", 1),
      ("/sys/fs/cgroup/batch/cpu.max", "300000 100000\n", 3),
      ("/sys/fs/cgroup/batch/cpu.max", "max 100000\n", 8),
    ])
  func secondVersion(file: String, text: String, count: Int) throws {
    let group = ["/proc/self/cgroup": "0::/batch/job7\n", file: text]
    #expect(try cores("0-7", group)?.count == count)
  }

  @Test("follow the quota of control groups of version 1, of which -1 is none")
  func firstVersion() throws {
    let group = [
      "/proc/self/cgroup": "9:name=systemd:/\n2:cpuacct,cpu:/docker/1a\n0::/\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "400000\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    ]
    #expect(try cores("0-7", group)?.quota == 4)
    let unlimited = group.merging(["/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n"]) { $1 }
    #expect(try cores("0-7", unlimited)?.quota == nil)
    #expect(try cores("0-7", unlimited)?.count == 8)
  }

  @Test("are counted once where two hardware threads are of one core")
  func physical() throws {
    var files: [String: String] = [:]
    for cpu in 0..<8 {
      files["/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list"] =
        "\(cpu % 4),\(cpu % 4 + 4)\n"
    }
    #expect(try cores("0-7", files)?.physical == [0, 1, 2, 3])
    #expect(try cores("0-7", files)?.count == 8)
    #expect(try cores("0-7", files)?.physicalCount == 4)
    // The second threads of two cores, and all of a third.
    #expect(try cores("1,5,6-7", files)?.physical == [1, 2, 3])
    #expect(try cores("0-3", [:])?.physical == [0, 1, 2, 3])
    let quota = files.merging(["/sys/fs/cgroup/cpu.max": "200000 100000\n"]) { $1 }
    #expect(try cores("0-7", quota)?.physicalCount == 2)
  }

  @Test("are unknown, and no fault, where the system tells nothing or nonsense")
  func nothing() throws {
    #expect(try withHost([:]) { AvailableCores($0) } == nil)
    #expect(try cores("") == nil)
    #expect(try cores("3-1,x") == nil)
    #expect(try cores("0-1", ["/sys/fs/cgroup/cpu.max": "lots of 0\n"])?.count == 2)
  }
}
