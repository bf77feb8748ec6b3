import Foundation

/// The machine that a run was on, without its name.
///
/// What the system does not tell is `unknown`, or 0.
public struct Machine: Codable, Sendable, Equatable {
  /// The processor's model, as the kernel calls it.
  public var cpu: String
  /// Cores, counting each hardware thread, that this process may use.
  public var cores: Int
  /// Main memory.
  public var memoryBytes: Int
  /// The distribution: `Debian GNU/Linux 12 (bookworm)`.
  public var operatingSystem: String
  /// The kernel's name and release.
  public var kernel: String
  /// The vector and matrix extensions that matter here, as the kernel calls them.
  public var instructionSet: String

  public init(
    cpu: String, cores: Int, memoryBytes: Int, operatingSystem: String, kernel: String,
    instructionSet: String
  ) {
    self.cpu = cpu
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.operatingSystem = operatingSystem
    self.kernel = kernel
    self.instructionSet = instructionSet
  }

  /// The machine that this runs on.
  public static var current: Machine {
    Machine(
      cpuInfo: text(of: "/proc/cpuinfo"), memoryInfo: text(of: "/proc/meminfo"),
      release: text(of: "/etc/os-release"), kernel: kernelRelease,
      cores: ProcessInfo.processInfo.activeProcessorCount)
  }
}

extension Machine {
  /// Picks the facts out of the files in which Linux has them, any of which may be empty.
  package init(cpuInfo: String, memoryInfo: String, release: String, kernel: String, cores: Int) {
    cpu = value(of: "model name", in: cpuInfo, separator: ":") ?? "unknown"
    self.cores = cores
    let kibibytes = value(of: "MemTotal", in: memoryInfo, separator: ":")?.split(separator: " ")
      .first
    memoryBytes = kibibytes.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    let quoted = value(of: "PRETTY_NAME", in: release, separator: "=")
    operatingSystem = quoted?.trimmingCharacters(in: ["\"", "'"]) ?? "unknown"
    self.kernel = kernel
    instructionSet = extensions(in: cpuInfo)
  }
}

/// What follows `key` on the first line that it begins: `key : value`.
private func value(of key: String, in text: String, separator: Character) -> String? {
  for line in text.split(separator: "\n") {
    let parts = line.split(separator: separator, maxSplits: 1)
    guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key else { continue }
    return parts[1].trimmingCharacters(in: .whitespaces)
  }
  return nil
}

/// The processor's flags that decide which kernels a library picks: x86's, then Arm's.
private func extensions(in cpuInfo: String) -> String {
  let telling = [
    "avx2", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "asimd", "sve",
    "i8mm", "bf16",
  ]
  let flags = ["flags", "Features"].lazy.compactMap { value(of: $0, in: cpuInfo, separator: ":") }
  let had = Set((flags.first ?? "").split(separator: " ").map(String.init))
  let found = telling.filter(had.contains)
  return found.isEmpty ? "unknown" : found.joined(separator: " ")
}

private func text(of path: String) -> String {
  FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
}

private var kernelRelease: String {
  var names = utsname()
  guard uname(&names) == 0 else { return "unknown" }
  return "\(string(&names.sysname)) \(string(&names.release))"
}

/// The characters before the first NUL of one of C's fixed arrays, a tuple in Swift.
private func string<Characters>(_ characters: inout Characters) -> String {
  withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
