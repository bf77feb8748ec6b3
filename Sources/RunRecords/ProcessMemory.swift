import Foundation

/// Memory of this process, as the kernel counts it.
public enum ProcessMemory {
  /// The most memory that the process has held at one time: VmHWM; 0 where the system does not tell.
  public static var peakResidentBytes: Int {
    guard let data = FileManager.default.contents(atPath: "/proc/self/status") else { return 0 }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("VmHWM:") }) else { return 0 }
    return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
      .map { $0 * 1024 } ?? 0
  }
}
