import AdaBatch
import Foundation

/// What rank 0 tells the launch that it is a part of, in a file: who the ranks are, and its end.
struct LaunchReport {
  private static let finished = "finished"

  let path: String

  /// A command line without what a launch has added.
  static func hidden(in words: [String]) -> [String] {
    words.firstIndex(of: "--launch-report").map { Array(words[..<$0] + words[($0 + 2)...]) }
      ?? words
  }

  /// Says which process is which rank; all ranks have to call it.
  static func begin(_ path: String?, _ ranks: Ranks) throws {
    let processes = try ranks.gather("\(getpid())")
    guard let path, ranks.own == 0 else { return }
    let lines = zip(ranks.communicator.hosts, processes).map { "\($1) \($0)\n" }
    // On another host than the launch's nobody reads it.
    try? LaunchReport(path: path).append(lines.joined())
  }

  /// Says that the training is finished: the launcher's exit code may be 0 for other reasons.
  func finish() { try? append(Self.finished + "\n") }

  private func append(_ text: String) throws(FileError) {
    guard let file = fopen(path, "a") else {
      throw FileError(errno: errno, path: path, operation: "write")
    }
    fputs(text, file)
    fclose(file)
  }

  /// What is in the file; nothing where rank 0 is on a host that has another one.
  private var lines: [Substring] {
    let data = FileManager.default.contents(atPath: path) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
  }

  var isFinished: Bool { lines.last.map(String.init) == Self.finished }

  /// The rank that a process is, and its host; nil where that is not known.
  func rank(ofProcess process: Int) -> (rank: Int, host: String)? {
    for (rank, line) in lines.enumerated() where line.hasPrefix("\(process) ") {
      return (rank, String(line.split(separator: " ", maxSplits: 1)[1]))
    }
    return nil
  }
}
