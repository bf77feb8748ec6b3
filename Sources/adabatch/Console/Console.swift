import AdaBatch
import Foundation

/// Results go to stdout, messages to stderr, line by line and without a buffer that a kill loses.
enum Console {
  static func print(_ line: String) { write(line, to: .standardOutput) }

  /// Prints a value for programs to read.
  static func print(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // As in a run's records.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  static func report(_ line: String) { write(line, to: .standardError) }

  /// Says what goes on, but not as well as it could.
  static func warn(_ text: String) { report("adabatch: warning: \(text)") }

  /// Warns when threads have to share cores, which takes 0.1 s to find out; returns whether it did.
  @discardableResult
  static func warnOfLoad(threads: Int, after words: String = "") -> Bool {
    guard let warning = MachineLoad.measure()?.warning(threads: threads) else { return false }
    warn(words + warning)
    return true
  }

  private static func write(_ line: String, to file: FileHandle) {
    // Nobody reads any more: the records of a run are written all the same.
    try? file.write(contentsOf: Data((line + "\n").utf8))
  }
}
