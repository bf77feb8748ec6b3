import Executors
import Glibc

/// Memory that all programs of an executor work in, one after the other.
///
/// It only grows, and pages are real from their first use on, so room for the largest batch size
/// may be reserved early. What a program left there is lost when another one runs.
final class Arena {
  private(set) var base: UnsafeMutableRawPointer?
  private(set) var bytes = 0
  /// The program whose values the arena holds.
  var owner: ObjectIdentifier?

  deinit { release() }

  /// Makes room for `needed` bytes.
  ///
  /// - Throws: ``ExecutorError`` with code `outOfMemory`, naming how many of `imageCount` images
  ///   would fit, when the system has less than that.
  func reserve(_ needed: Int, imageCount: Int) throws(ExecutorError) {
    if needed <= bytes { return }
    if let available = Self.availableBytes, needed - bytes > available {
      throw tooSmall(needed, available: available, imageCount)
    }
    release()
    let memory = mmap(
      nil, needed, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory, memory != MAP_FAILED else {
      throw tooSmall(needed, available: Self.availableBytes ?? 0, imageCount)
    }
    base = memory
    bytes = needed
  }

  private func release() {
    if let base { munmap(base, bytes) }
    base = nil
    bytes = 0
    owner = nil
  }

  private func tooSmall(_ needed: Int, available: Int, _ imageCount: Int) -> ExecutorError {
    var images = imageCount
    while images > 1, needed / imageCount * images > available { images /= 2 }
    return ExecutorError(
      .outOfMemory,
      problem: "\(imageCount) images together need \(needed >> 20) MB,"
        + " \(available >> 20) MB are free",
      fix: "pass at most \(images) images together: --micro-batch \(images)")
  }

  /// What the system could still give without swapping; nil where it does not say.
  private static var availableBytes: Int? {
    guard let file = fopen("/proc/meminfo", "r") else { return nil }
    defer { fclose(file) }
    var line = Array(repeating: CChar(0), count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      let words = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      if words.first == "MemAvailable:", words.count > 1 { return Int(words[1]).map { $0 << 10 } }
    }
    return nil
  }
}
