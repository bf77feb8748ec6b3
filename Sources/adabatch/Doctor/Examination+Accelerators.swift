import AdaBatch

extension Examination {
  /// NVIDIA's plugin, or the one that the environment names, and what it needs, part by part.
  static func accelerators() -> [Finding] {
    let path: String
    do throws(ExecutorError) {
      path = try PluginSearch.nvidia()
    } catch {
      return [
        Finding("accelerators", "plugin", .missing, error.problem, fix: error.fix)
      ]
    }
    let plugin = Finding("accelerators", "plugin", .ok, path)
    let isNVIDIA = path.contains("cuda")
    let parts = isNVIDIA ? NVIDIAParts(beside: path) : nil
    let missing = (parts?.missing ?? []).map {
      Finding("accelerators", $0.name, .missing, $0.problem ?? "", fix: $0.fix)
    }
    let found = parts.map {
      [
        Finding(
          "accelerators", "libraries", .ok,
          "\($0.libraries.count { $0.problem == nil }) of \($0.libraries.count), ptxas: "
            + ($0.ptxas.path ?? "none"))
      ]
    }
    // Without an assembler a plugin ends the process.
    if parts?.ptxas.problem != nil { return [plugin] + (found ?? []) + missing }
    return [plugin] + (found ?? []) + missing + [device(path)]
  }

  private static func device(_ plugin: String) -> Finding {
    switch DeviceTrial.inProcessOfItsOwn(plugin) {
    case .success(let trial):
      let memory = trial.memoryBytes.map { ", \(gigabytes($0)) each" } ?? ""
      return Finding(
        "accelerators", Finding.device, .ok,
        "\(trial.count) × \(trial.kind)\(memory), \(trial.platform), PJRT \(trial.interface)")
    case .failure(let failed):
      return Finding(
        "accelerators", Finding.device, .missing, failed.reason,
        fix: "nvidia-smi shows whether the driver sees a device"
          + (OneDNNLibrary.isBuiltIn ? "; training on the processor goes on" : ""))
    }
  }
}
