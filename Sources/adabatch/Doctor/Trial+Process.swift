import Foundation

/// What is done on a thread of its own.
private final class Background<Value>: @unchecked Sendable {
  private let isDone = DispatchSemaphore(value: 0)
  private var result: Value?

  init(_ body: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async {
      self.result = body()
      self.isDone.signal()
    }
  }

  /// Waits for it; asked once.
  var value: Value {
    isDone.wait()
    guard let result else { preconditionFailure("nothing was done") }
    return result
  }
}

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
  static func inProcessOfItsOwn() -> Result<Trial, Failed> { answer(to: ["doctor", "--trial"]) }

  /// What another process of this program prints as JSON.
  static func answer<Answer: Decodable>(to arguments: [String]) -> Result<Answer, Failed> {
    let process = Process()
    let (stdout, stderr) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/proc/self/exe")
    process.arguments = arguments
    process.standardOutput = stdout
    process.standardError = stderr
    do {
      try process.run()
      // Read at the same time: a process waits that cannot write.
      let messages = Background { try? stderr.fileHandleForReading.readToEnd() }
      let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationReason == .exit, process.terminationStatus == 0 else {
        let said = String(decoding: messages.value ?? Data(), as: UTF8.self)
        return .failure(Failed(reason: reason(process, said)))
      }
      return .success(try JSONDecoder().decode(Answer.self, from: json(output)))
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
