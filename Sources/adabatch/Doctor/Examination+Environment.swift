import AdaBatch

extension Examination {
  /// The variables that change how programs run or where data are looked for.
  static func environment(_ variables: [String: String], cores: Int?) -> [Finding] {
    let prefixes = [SettingVariable.prefix, "OMP_", "GOMP_", "KMP_", "ONEDNN_", "DNNL_"]
    let telling = variables.filter { variable in
      prefixes.contains { variable.key.hasPrefix($0) }
    }
    if telling.isEmpty {
      return [
        Finding("environment", "variables", .ok, "none of ADABATCH_*, OMP_*, ONEDNN_* is set")
      ]
    }
    return telling.sorted { $0.key < $1.key }.map { name, value in
      let fix = advice(name, value, cores: cores)
      return Finding("environment", name, fix == nil ? .ok : .warning, value, fix: fix)
    }
  }

  /// What to do about a variable, or nil where it does no harm.
  private static func advice(_ name: String, _ value: String, cores: Int?) -> String? {
    switch name {
    case SettingVariable.dataFolder:
      return value.isEmpty || isFolder(value) ? nil : "no such folder: name one, or unset it"
    case "OMP_NUM_THREADS": return threadAdvice(value, cores: cores)
    case "OMP_DYNAMIC" where value.lowercased() == "true":
      return "the number of threads may change in a run, and with it the bits: unset it"
    case "ONEDNN_VERBOSE", "DNNL_VERBOSE":
      return value == "0" ? nil : "oneDNN's lines come between the results: unset it"
    case "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA":
      return ["ALL", "DEFAULT"].contains(value.uppercased())
        ? nil : "kernels may use less than the processor has, and give other bits: unset it"
    case _ where name.hasPrefix(SettingVariable.prefix):
      return SettingVariable(name: name, value: value).advice
    case _ where name.hasPrefix("KMP_"):
      return "read by Intel's and LLVM's OpenMP, not by libgomp: use OMP_PROC_BIND, OMP_PLACES"
    default: return nil
    }
  }

  private static func threadAdvice(_ value: String, cores: Int?) -> String? {
    guard let threads = value.split(separator: ",").first.flatMap({ Int($0) }), threads > 0 else {
      return "not a number of threads, so OpenMP ignores it: give one, or unset it"
    }
    guard let cores, threads > cores else { return nil }
    return "more threads than the \(cores) that can run: set it to at most \(cores), or unset it"
  }
}
