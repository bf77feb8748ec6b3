import AdaBatch
import ArgumentParser
import Foundation

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say whether training can run here, what is missing and how to get it.",
    discussion: """
      EXAMPLE
        adabatch doctor

      Looks at versions, processor, cores, load, memory, environment variables, data sets and the \
      place for runs, and trains a tiny network for one step with oneDNN. Exits with 0 when \
      training can run, with 69 when the library or the device cannot be used.
      """)

  @Flag(help: "Print JSON.")
  var json = false

  // In a process of its own, because OpenMP and wrong instructions end the one that they are in.
  @Flag(help: ArgumentHelp("Only train the tiny network.", visibility: .hidden))
  var trial = false

  @Option(help: ArgumentHelp("Only open the devices of this plugin.", visibility: .hidden))
  var deviceTrial: String?

  mutating func run() throws {
    if let deviceTrial { return try openDevices(of: deviceTrial) }
    if trial {
      Trial.limitTime()
      return try Console.print(json: Trial())
    }
    let trial = OneDNNLibrary.isBuiltIn ? Trial.inProcessOfItsOwn() : nil
    let load = MachineLoad.measure()
    let findings =
      Examination.program(trial) + Examination.machine(trial, load)
      + Examination.environment(ProcessInfo.processInfo.environment, cores: load?.cores.count)
      + Examination.accelerators() + Examination.data() + Examination.records()
    let report = Report(
      canTrain: !findings.contains { $0.status == .failed }
        && (OneDNNLibrary.isBuiltIn || findings.contains { $0.isDevice && $0.status == .ok }),
      findings: findings)
    try print(report)
    if !report.canTrain { throw ExitCode(69) }
  }

  private func openDevices(of plugin: String) throws {
    Trial.limitTime()
    // Little memory: whoever trains there is not to be disturbed.
    let isNVIDIA = plugin.contains("cuda")
    let fraction = isNVIDIA ? 0.02 : nil
    if isNVIDIA { NVIDIAParts(beside: plugin).open() }
    try Console.print(
      json: DeviceTrial(PJRTClient(PJRTPlugin(loading: plugin), memoryFraction: fraction)))
  }

  private func print(_ report: Report) throws {
    if json { return try Console.print(json: report) }
    report.findings.lines.forEach(Console.print)
    Console.print(report.canTrain ? "training can run" : "training cannot run here")
  }

  private struct Report: Encodable {
    let canTrain: Bool
    let findings: [Finding]
  }
}
