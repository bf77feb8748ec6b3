import Foundation
import Testing

/// Programs of this package on several ranks, as mpirun starts them.
enum RankJobs {
  /// The words that start a program on so many ranks; on one as nobody would.
  static func words(_ tool: Tool, _ arguments: [String], ranks: Int) throws -> [String] {
    (ranks == 1 ? [] : ["mpirun", "-n", "\(ranks)"]) + [try tool.path] + arguments
  }

  /// Runs a program on so many ranks to its end.
  static func run(
    _ tool: Tool, _ arguments: [String], ranks: Int, in folder: URL? = nil,
    environment: [String: String] = [:]
  ) throws -> Tool.Outcome {
    let words = try words(tool, arguments, ranks: ranks)
    return try Tool.run(
      URL(filePath: "/usr/bin/env"), words, in: folder, environment: environment)
  }

  /// Runs the tool on two ranks or more, each with words of its own, to the end.
  ///
  /// - Parameter own: variables of each rank.
  static func run(
    each arguments: [[String]], own: [Int: String] = [:], in folder: URL,
    environment: [String: String] = [:]
  ) throws -> Tool.Outcome {
    let words = try arguments.enumerated().map { rank, words in
      ["-n", "1"] + (own[rank].map { ["env", $0] } ?? []) + [try adabatch.path] + words
    }.joined(separator: [":"])
    return try Tool.run(
      URL(filePath: "/usr/bin/env"), ["mpirun"] + words, in: folder, environment: environment)
  }

  /// The processes of ranks that work in a folder, by their ranks.
  static func processes(in folder: URL) -> [Int: pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var processes: [Int: pid_t] = [:]
    for process in names.compactMap({ pid_t($0) }) {
      let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
      guard let own, URL(filePath: own).lastPathComponent == folder.lastPathComponent,
        // A launch has a shell beside each rank.
        let name = FileManager.default.contents(atPath: "/proc/\(process)/comm"),
        name == Data("adabatch\n".utf8),
        let data = FileManager.default.contents(atPath: "/proc/\(process)/environ"),
        let rank = data.split(separator: 0).lazy.map({ String(decoding: $0, as: UTF8.self) })
          .first(where: { $0.hasPrefix("PMI_RANK=") })?.dropFirst("PMI_RANK=".count),
        let rank = Int(rank)
      else { continue }
      processes[rank] = process
    }
    return processes
  }

  /// Waits for the end of all ranks that work in a folder; returns whether it came in time.
  static func areGone(from folder: URL, seconds: Double) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while !processes(in: folder).isEmpty {
      if ContinuousClock.now > end { return false }
      usleep(50_000)
    }
    return true
  }
}

/// A training with a fixed micro-batch and a growth, which ranks share.
enum SharedTraining {
  static let arguments = [
    "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2", "--batch-size",
    "1000", "--max-batch", "2000", "--learning-rate", "0.05", "--micro-batch", "250", "--threads",
    "1", "--checkpoint-minutes", "0.0001", "--quiet", "--run", "run",
  ]

  /// The bits of it on one rank.
  static var whole: ShortTraining.Bits { get throws { try made.get() } }
  private static let made = Result {
    try withFolder { folder in
      let outcome = try adabatch.run(arguments, in: folder)
      #expect(outcome == Tool.Outcome(status: 0, stdout: "", stderr: ""))
      return try ShortTraining.bits(of: folder.appending(path: "run"))
    }
  }

  static func hasCheckpoint(_ folder: URL) -> Bool {
    let path = folder.appending(path: "run/checkpoints").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.contains { $0.hasSuffix(".json") }
  }
}
