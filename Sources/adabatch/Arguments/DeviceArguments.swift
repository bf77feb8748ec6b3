import AdaBatch
import ArgumentParser

/// On what a training is made.
enum DeviceName: String, ExpressibleByArgument, CaseIterable {
  case cpu, cuda, pjrt

  /// As a run records it: nothing where there was no choice once.
  var recorded: String? { self == .cpu ? nil : rawValue }
}

/// `name=value`, as XLA takes it.
struct XLAFlag: ExpressibleByArgument {
  let name: String
  let value: CompileOptions.Flag

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    name = parts[0]
    value =
      switch parts[1] {
      case "true": .isOn(true)
      case "false": .isOn(false)
      default: Int(parts[1]).map { .whole($0) } ?? .text(parts[1])
      }
  }
}

/// Which devices compute, and through what.
struct DeviceArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What computes: cpu, cuda (NVIDIA's GPUs), or pjrt, the devices of --plugin (default: cpu).",
      valueName: "name"))
  var device: DeviceName?

  @Option(
    help: ArgumentHelp("Devices of each rank that share each update (default: 1).", valueName: "n"))
  var devices: Int?

  @Option(
    help: ArgumentHelp(
      "Shared library of a PJRT plugin (default: ADABATCH_PLUGIN, or NVIDIA's in Python's packages).",
      valueName: "path"))
  var plugin: String?

  @Option(
    help: ArgumentHelp(
      "Part of a GPU's memory that is taken at once, 0 to 1 (default: the plugin's, 0.75).",
      valueName: "x"))
  var memoryFraction: Double?

  @Option(
    name: .customLong("xla-flag"),
    help: ArgumentHelp(
      "A flag of XLA's for the programs, over those that are chosen here.", valueName: "flag=value",
      visibility: .hidden))
  var xlaFlags: [XLAFlag] = []

  /// - Throws: ``TrainingError`` for options that would do nothing, and numbers that cannot be meant.
  func check(on device: DeviceName) throws(TrainingError) {
    if let devices { try Checked.range("--devices", devices, 1...1024) }
    if let memoryFraction, !(memoryFraction > 0 && memoryFraction <= 1) {
      throw Self.refused(
        "--memory-fraction is \(memoryFraction), but needs to be above 0 and at most 1",
        "change it, or leave it out")
    }
    let idle = [
      devices.map { _ in "--devices" }, plugin.map { _ in "--plugin" },
      memoryFraction.map { _ in "--memory-fraction" },
    ]
    guard device == .cpu, let option = idle.compactMap(\.self).first else { return }
    throw Self.refused(
      "\(option) is for accelerators, and this is for the processor",
      "add --device cuda, or leave \(option) out")
  }

  static func refused(_ problem: String, _ fix: String) -> TrainingError {
    TrainingError(.impossibleSetting, problem: problem, fix: fix)
  }

  /// Opens the devices, which takes their memory: once for a process.
  ///
  /// - Throws: `ExecutorError` that names what is missing.
  func open(_ device: DeviceName) throws -> PJRTClient {
    try client(of: plugin(for: device), device)
  }

  func accelerator(
    _ choice: EngineChoice, _ client: PJRTClient
  ) throws(ExecutorError) -> XLAAccelerator {
    try XLAAccelerator(
      client, precision: choice.precision, deviceCount: choice.devices,
      flags: Dictionary(xlaFlags.map { ($0.name, $0.value) }) { $1 }, cache: .standard())
  }

  /// What opens the devices, with all that it needs, as far as that can be seen before.
  func plugin(for device: DeviceName) throws -> PJRTPlugin {
    try device == .cuda ? nvidiaPlugin() : otherPlugin()
  }

  /// Opens the devices.
  ///
  /// - Parameters:
  ///   - visible: which of the machine's are this process's; nil for all.
  ///   - group: to join, at the same time as its other processes.
  func client(
    of plugin: PJRTPlugin, _ device: DeviceName, visible: Range<Int>? = nil,
    joining group: ClientGroup? = nil
  ) throws(ExecutorError) -> PJRTClient {
    try naming(device == .cuda ? NVIDIAParts(beside: plugin.path).missing : []) {
      () throws(ExecutorError) in
      try PJRTClient(plugin, memoryFraction: memoryFraction, visible: visible, joining: group)
    }
  }

  /// Adds to an error what is missing, part by part.
  private func naming<Opened>(
    _ missing: @autoclosure () -> [NVIDIAParts.Part],
    _ open: () throws(ExecutorError) -> Opened
  ) throws(ExecutorError) -> Opened {
    do throws(ExecutorError) {
      return try open()
    } catch {
      throw error.naming(missing())
    }
  }

  private func otherPlugin() throws -> PJRTPlugin {
    if memoryFraction != nil {
      throw Self.refused(
        "--memory-fraction is for NVIDIA's plugin", "leave it out, or use --device cuda")
    }
    guard let path = PluginSearch.named(plugin) else {
      throw Self.refused(
        "--device pjrt is the devices of a plugin, and none is named",
        "give --plugin, or set \(PluginSearch.variable)")
    }
    return try PJRTPlugin(loading: path)
  }

  private func nvidiaPlugin() throws -> PJRTPlugin {
    let path = try PluginSearch.nvidia(given: plugin)
    try PJRTPlugin.check(path)
    let parts = NVIDIAParts(beside: path)
    // Without it the plugin ends the process.
    if let problem = parts.ptxas.problem {
      throw ExecutorError(
        .unsupported, problem: "\(parts.ptxas.name) \(problem)", fix: parts.ptxas.fix)
    }
    try XLAFlags.check(path)
    parts.open()
    return try naming(parts.missing) { () throws(ExecutorError) in try PJRTPlugin(loading: path) }
  }
}

extension ExecutorError {
  /// The same, with what is missing for it, part by part.
  fileprivate func naming(_ missing: [NVIDIAParts.Part]) -> ExecutorError {
    guard let first = missing.first else { return self }
    let parts = missing.map { "\($0.name) \($0.problem ?? "")" }.joined(separator: "; ")
    return ExecutorError(code, problem: "\(problem); \(parts)", fix: first.fix)
  }
}
