import Foundation
import HostMachine
import Testing

@Suite("Machine load")
struct MachineLoadTests {
  private func cores(_ list: String, quota: String = "max") throws -> AvailableCores {
    let files = status(allowing: list).merging(["/sys/fs/cgroup/cpu.max": "\(quota) 100000"]) { $1 }
    return try #require(try withHost(files) { AvailableCores($0) })
  }

  /// Four CPUs, 10 ticks apart: one idle, one computing, one at half, one at work for the kernel.
  private let before = """
    cpu  600 0 100 3000 100 0 0 0 0 0
    cpu0 100 0 0 900 10 0 0 0 0 0
    cpu1 300 0 0 700 10 0 0 0 0 0
    cpu2 100 50 0 800 30 0 0 0 50 0
    cpu3 100 0 100 600 50 5 5 7 0 0
    intr 1 2 3
    """
  private let after = """
    cpu  600 0 100 3000 100 0 0 0 0 0
    cpu0 100 0 0 909 11 0 0 0 0 0
    cpu1 310 0 0 700 10 0 0 0 0 0
    cpu2 100 55 0 804 31 0 0 0 50 0
    cpu3 100 0 104 600 50 6 7 10 0 0
    intr 1 2 3
    """

  @Test("is what all CPUs were busy with, nice, interrupts and stolen time included")
  func busy() throws {
    let load = try MachineLoad(
      before: before, after: after, ownCores: 0, cores: cores("0-3"))
    #expect(load?.busyCores == 2.5)
  }

  @Test("leaves out what this process did, and cores that it may not use")
  func others() throws {
    let own = try MachineLoad(before: before, after: after, ownCores: 1.5, cores: cores("0-3"))
    #expect(own?.busyCores == 1)
    let two = try MachineLoad(before: before, after: after, ownCores: 0, cores: cores("0,2"))
    #expect(two?.busyCores == 0.5)
    let mine = try MachineLoad(before: before, after: after, ownCores: 2.6, cores: cores("0-3"))
    #expect(mine?.busyCores == 0)
  }

  @Test("is unknown where the counts stand still, are nonsense or not there")
  func unknown() throws {
    for text in ["", "cpu0 1 2", "cpu0 a b c d e", before, "cpu0 0 0 0 0 0 0 0 0\n"] {
      #expect(
        try MachineLoad(before: text, after: text, ownCores: 0, cores: cores("0-3")) == nil)
    }
  }

  @Test("is no reason to warn while there is a core for each thread")
  func calm() throws {
    for (busy, threads) in [(0.0, 4), (0.4, 4), (0.5, 3), (1.05, 3), (2.0, 2), (4.0, 1), (9, 1)] {
      let load = MachineLoad(busyCores: busy, cores: try cores("0-3"))
      #expect(load.warning(threads: threads) == nil, "\(busy) busy, \(threads) threads")
    }
  }

  @Test("says how many cores others use, and how many threads have one of their own")
  func neighbours() throws {
    let load = MachineLoad(busyCores: 1.04, cores: try cores("0-3"))
    #expect(
      load.warning(threads: 4)
        == "other programs are using 1.0 of 4 cores: with 4 threads a step can take 3 to 60 times"
        + " as long; use --threads 3, or wait for them")
    let full = MachineLoad(busyCores: 7, cores: try cores("0-3"))
    #expect(full.warning(threads: 2)?.contains("use --threads 1,") == true)
  }

  @Test("of others does not count against a quota that their cores leave whole")
  func quota() throws {
    let load = MachineLoad(busyCores: 5, cores: try cores("0-7", quota: "200000"))
    #expect(load.warning(threads: 2) == nil)
    #expect(
      load.warning(threads: 3)?.hasPrefix("3 threads for the 2 cores that the control") == true)
  }

  @Test("comes with a warning of more threads than cores, also when all else is calm")
  func tooManyThreads() throws {
    let load = MachineLoad(busyCores: 0, cores: try cores("2"))
    #expect(
      load.warning(threads: 2)
        == "2 threads for the 1 core that its CPU affinity leaves this process: threads that share"
        + " a core can take 3 to 60 times as long; use --threads 1")
  }

  @Test(
    "of this machine is measured in the time given",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/stat"), "there is no /proc here"))
  func measured() throws {
    let start = ContinuousClock.now
    let load = try #require(MachineLoad.measure(over: .milliseconds(50)))
    #expect(ContinuousClock.now - start >= .milliseconds(50))
    #expect(load.busyCores >= 0 && load.busyCores <= Double(load.cores.allowed.count))
    #expect(load.cores.count >= 1 && load.freeCores <= load.cores.count)
  }
}
