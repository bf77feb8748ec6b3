import Foundation

/// Results go to stdout, messages to stderr, line by line and without a buffer that a kill loses.
enum Console {
  static func print(_ line: String) { write(line, to: .standardOutput) }

  static func report(_ line: String) { write(line, to: .standardError) }

  private static func write(_ line: String, to file: FileHandle) {
    // Nobody reads any more: the records of a run are written all the same.
    try? file.write(contentsOf: Data((line + "\n").utf8))
  }
}
