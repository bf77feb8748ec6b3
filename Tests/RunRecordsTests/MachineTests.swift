import Foundation
import RunRecords
import Testing

@Suite struct MachineTests {
  @Test("the facts are picked out of what Linux says on x86")
  func x86() {
    let machine = Machine(
      cpuInfo: """
        processor\t: 0
        model\t\t: 2
        model name\t: AMD EPYC 9965 192-Core Processor
        flags\t\t: fpu sse avx avx2 avx512f avx512vl avx512_bf16

        processor\t: 1
        model name\t: another
        """,
      memoryInfo: "MemTotal:       16384000 kB\nMemFree:         9000000 kB\n",
      release: "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
      kernel: "Linux 6.1.0", cores: 2)

    #expect(
      machine
        == Machine(
          cpu: "AMD EPYC 9965 192-Core Processor", cores: 2, memoryBytes: 16_777_216_000,
          operatingSystem: "Debian GNU/Linux 12 (bookworm)", kernel: "Linux 6.1.0",
          instructionSet: "avx2 avx512f avx512_bf16"))
  }

  @Test("Arm's features count too, and its kernel names no model")
  func arm() {
    let machine = Machine(
      cpuInfo: "processor\t: 0\nFeatures\t: fp asimd sve i8mm bf16\nCPU part\t: 0xd40\n",
      memoryInfo: "", release: "PRETTY_NAME='Alpine'", kernel: "Linux 6.6", cores: 1)

    #expect(machine.instructionSet == "asimd sve i8mm bf16")
    #expect(machine.cpu == "unknown")
    #expect(machine.operatingSystem == "Alpine")
  }

  @Test("a system that tells nothing is unknown, and no fault")
  func nothing() {
    #expect(
      Machine(
        cpuInfo: "", memoryInfo: "MemTotal: lots", release: "::=", kernel: "unknown", cores: 1)
        == Machine(
          cpu: "unknown", cores: 1, memoryBytes: 0, operatingSystem: "unknown", kernel: "unknown",
          instructionSet: "unknown"))
  }

  @Test(
    "this machine is known",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/meminfo"), "there is no /proc here"))
  func current() {
    let machine = Machine.current

    #expect(machine.cores >= 1)
    #expect(machine.memoryBytes > 1 << 28)
    #expect(machine.kernel.hasPrefix("Linux "))
    #expect(machine.operatingSystem != "")
    #expect(machine == Machine.current)
  }
}
