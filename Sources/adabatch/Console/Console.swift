import AdaBatch
import Foundation
import Synchronization

/// Results go to stdout, messages to stderr, line by line and without a buffer that a kill loses.
enum Console {
  private static let lost = Mutex<FileError?>(nil)
  /// The line that shows how a command goes on.
  static let live = LiveLine()

  // Set once, before there is a second thread.
  /// Whether nothing is said, because another rank says it.
  nonisolated(unsafe) static var isSilent = false

  /// What kept a line of ``print(_:)`` from stdout; nil also for a reader that went away.
  ///
  /// Known at the end of a command, so that work such as a download is not thrown away.
  static var lostOutput: FileError? { lost.withLock { $0 } }

  /// Prints a line of a command's results.
  static func print(_ line: String) {
    lost.withLock { lost in
      guard lost == nil, let number = write(line, to: STDOUT_FILENO) else { return }
      if number == EPIPE { return }
      lost = FileError(
        code: .inputOutput, path: "standard output", operation: "write to",
        reason: String(cString: strerror(number)),
        fix: "give the command again with its output where it can be written")
    }
  }

  /// Prints a line that may get lost, because the command's records say the same.
  static func printProgress(_ line: String) { _ = write(line, to: STDOUT_FILENO) }

  /// Prints a value for programs to read.
  static func print(json value: some Encodable) throws { print(try json(value)) }

  /// A value as text for programs to read.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // As in a run's records.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func report(_ line: String) { _ = write(line, to: STDERR_FILENO) }

  /// Says what goes on, but not as well as it could.
  static func warn(_ text: String) { report("adabatch: warning: \(text)") }

  /// Warns when threads have to share cores, which takes up to 0.1 s to find out; returns whether it
  /// did.
  @discardableResult
  static func warnOfLoad(
    threads: Int, after words: String = "", since watch: MachineLoad.Watch = MachineLoad.Watch()
  ) -> Bool {
    guard let warning = watch.load()?.warning(threads: threads) else { return false }
    warn(words + warning)
    return true
  }

  /// Prints an event for programs to read, which may get lost as a line of progress may.
  static func printProgress(json event: some Encodable) {
    if !isSilent, let line = try? jsonLine(event) {
      live.write(String(decoding: line, as: UTF8.self), to: STDOUT_FILENO)
    }
  }

  /// Says what no other rank can, also where this one is to be silent.
  static func alarm(_ line: String) { live.write(line + "\n", to: STDERR_FILENO) }

  /// From here on everything goes to the end of a file, what libraries say too.
  ///
  /// - Throws: `FileError`.
  static func speak(into path: String) throws(FileError) {
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    guard file >= 0 else {
      throw FileError(
        code: .inputOutput, path: path, operation: "write",
        reason: String(cString: strerror(errno)),
        fix: "make it writable on this host, or leave --log-all-ranks out")
    }
    dup2(file, STDOUT_FILENO)
    dup2(file, STDERR_FILENO)
    close(file)
    isSilent = false
  }

  private static func write(_ line: String, to descriptor: Int32) -> Int32? {
    isSilent ? nil : live.write(line + "\n", to: descriptor)
  }
}
