import Foundation

/// Memory of this process, as the kernel counts it; 0 where the system does not tell.
public enum ProcessMemory {
  /// What the process holds in main memory now: VmRSS.
  public static var residentBytes: Int { bytes("VmRSS:") }

  /// The most memory that the process has held at one time: VmHWM.
  public static var peakResidentBytes: Int { bytes("VmHWM:") }

  private static func bytes(_ key: String) -> Int {
    guard let data = FileManager.default.contents(atPath: "/proc/self/status") else { return 0 }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix(key) }) else { return 0 }
    return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
      .map { $0 * 1024 } ?? 0
  }
}
