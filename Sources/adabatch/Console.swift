import Foundation

/// Results go to stdout, messages to stderr, line by line and without a buffer that a kill loses.
enum Console {
  static func print(_ line: String) { write(line, to: .standardOutput) }

  static func report(_ line: String) { write(line, to: .standardError) }

  private static func write(_ line: String, to file: FileHandle) {
    // A reader that went away (`| head`) is no reason to crash.
    try? file.write(contentsOf: Data((line + "\n").utf8))
  }
}
