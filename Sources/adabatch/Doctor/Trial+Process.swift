import Foundation

extension Trial {
  /// Why there is no trial to look at, in a line.
  struct Failed: Error {
    let reason: String
  }

  /// Thousands of threads take minutes for what takes milliseconds, all of them together.
  private static let coreSecondsAtMost = 20 * ProcessInfo.processInfo.activeProcessorCount
  /// On the clock, which a busy machine runs down too: generous.
  private static let secondsAtMost: UInt32 = 300

  /// Has the system end this process when it computes, or waits, for much too long.
  static func limitTime() {
    var limit = itimerval()
    limit.it_value.tv_sec = coreSecondsAtMost
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &limit, nil)
    alarm(secondsAtMost)
  }

  /// The trial as another process of this program makes it.
  static func inProcessOfItsOwn() -> Result<Trial, Failed> {
    let process = Process()
    let (stdout, stderr) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/proc/self/exe")
    process.arguments = ["doctor", "--trial"]
    process.standardOutput = stdout
    process.standardError = stderr
    do {
      try process.run()
      let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
      let messages = try stderr.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationReason == .exit, process.terminationStatus == 0 else {
        return .failure(Failed(reason: reason(process, String(decoding: messages, as: UTF8.self))))
      }
      return .success(try JSONDecoder().decode(Trial.self, from: json(output)))
    } catch {
      return .failure(Failed(reason: "\(error)"))
    }
  }

  /// The value at the end of the output, before which ONEDNN_VERBOSE may have printed.
  private static func json(_ output: Data) -> Data {
    output.lastIndex(of: UInt8(ascii: "{")).map { output[$0...] } ?? output
  }

  private static func reason(_ process: Process, _ messages: String) -> String {
    let said = messages.split(whereSeparator: \.isNewline).joined(separator: "; ")
    let status = process.terminationStatus
    if process.terminationReason == .exit {
      return said.isEmpty ? "ended with exit code \(status)" : said
    }
    if status == SIGPROF { return "not done after \(coreSecondsAtMost) s of processor time" }
    if status == SIGALRM {
      return "not done after \(secondsAtMost) s, and less than \(coreSecondsAtMost) s of processor "
        + "time: the machine is very busy, or something waits"
    }
    let name = strsignal(status).map { String(cString: $0) } ?? "unknown"
    return "ended by signal \(status) (\(name))" + (said.isEmpty ? "" : ": " + said)
  }
}
