import AdaBatch
import Foundation

/// Shows on stderr how a download goes on: one line that changes on a terminal, few plain lines elsewhere.
final class DownloadProgress {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private var byteCount = 0
  /// When and at how many bytes the download started, for the speed.
  private var start: (time: ContinuousClock.Instant, bytes: Int)
  private var lastShown: ContinuousClock.Instant
  /// Whether the cursor is behind an unfinished line.
  private var isInLine = false

  init() {
    start = (clock.now, 0)
    lastShown = clock.now
  }

  func show(_ event: CIFAR.FetchEvent) {
    switch event {
    case .downloading(let url, let bytes, let byteCount):
      self.byteCount = byteCount
      start = (clock.now, bytes)
      let rest = bytes == 0 ? "" : ", of which \(megabytes(bytes)) are there"
      line("fetching \(url): \(megabytes(byteCount))\(rest)")
    case .received(let bytes): progress(bytes)
    case .tryingAgain(let reason): line("trying again: \(reason)")
    case .checked(let path, let byteCount, let md5):
      line("\(path) is the official archive: \(grouped(byteCount)) bytes, MD5 \(md5)")
    case .alreadyThere(let path, let isOfficial):
      line(
        isOfficial
          ? "nothing to do: the official files are there"
          : "nothing to do: well-formed files are there, but not the official bytes;"
            + " to get those, remove \(path) and give the command again")
    case .unpacked: break
    }
  }

  private func progress(_ bytes: Int) {
    let interval = isTerminal ? Duration.milliseconds(200) : .seconds(10)
    guard clock.now - lastShown >= interval, byteCount > 0 else { return }
    lastShown = clock.now
    let seconds = (clock.now - start.time) / .seconds(1)
    // Fewer where the server could not go on and the file was begun anew.
    let speed = Double(max(0, bytes - start.bytes)) / seconds / 1e6
    let text =
      "\(megabytes(bytes)) of \(megabytes(byteCount)), \(100 * bytes / byteCount) %, "
      + String(format: "%.1f MB/s", speed)
    if isTerminal { rewrite(text) } else { Console.report(text) }
  }

  private func rewrite(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
    isInLine = true
  }

  private func line(_ text: String) {
    if isInLine { Console.report("") }
    isInLine = false
    Console.report(text)
  }

  private func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
}
