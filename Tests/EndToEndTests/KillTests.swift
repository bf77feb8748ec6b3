import Foundation
import RunRecords
import Testing

/// A run with a batch change, and weights of 10 MB, so that kills hit while they are saved, too.
enum ShortTraining {
  static let arguments = [
    "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2", "--batch-size",
    "1000", "--max-batch", "2000", "--learning-rate", "0.05", "--checkpoint-minutes", "0.0001",
    "--quiet", "--run", "run",
  ]

  /// What has to be the same bits however often a run was interrupted.
  struct Bits: Equatable {
    let model: Data
    let best: Data
    /// Parameters, running statistics and momentum.
    let checkpoint: Safetensors?
    let epochs: [[String]]
    let decisions: Data
  }

  static func bits(of folder: URL) throws -> Bits {
    let run = try RunDirectory(opening: folder.path)
    func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }
    let table = String(decoding: try data(RunDirectory.tableFile), as: UTF8.self)
    return Bits(
      model: try data(RunDirectory.modelFile), best: try data(RunDirectory.bestFile),
      checkpoint: try run.newestCheckpoint().found?.tensors,
      // As far as the columns that a clock fills.
      epochs: table.split(separator: "\r\n").map { row in
        row.split(separator: ",").prefix(11).map(String.init)
      },
      decisions: try data(RunDirectory.decisionsFile))
  }

  /// The bits of a run that nobody interrupted.
  static var whole: Bits { get throws { try made.get() } }
  private static let made = Result { try uninterrupted() }

  static func uninterrupted(_ more: [String] = []) throws -> Bits {
    try withFolder { folder in
      let outcome = try adabatch.run(arguments + more, in: folder)
      #expect(outcome == Tool.Outcome(status: 0, stdout: "", stderr: ""))
      return try bits(of: folder.appending(path: "run"))
    }
  }
}

@Suite("kill -9 at random moments", .serialized)
struct KillTests {
  /// How many: 40, or $KILLS.
  private let wanted = ProcessInfo.processInfo.environment["KILLS"].flatMap { Int($0) } ?? 40

  /// What the kills hit.
  private struct Hits {
    var kills = 0
    var midEpoch = 0
    var midSave = 0
    var afterGrowth = 0
    var runs = 0
  }

  @Test("and the same command again ends in the same bits")
  func kills() throws {
    let whole = try ShortTraining.whole
    // The control: other bits are told apart. It also says how fast the machine is just now.
    let start = ContinuousClock.now
    #expect(try ShortTraining.uninterrupted(["--seed", "2"]) != whole)
    let longest = max(4, (ContinuousClock.now - start) / .seconds(4))
    #expect(whole.epochs.map { $0[1] } == ["batchSize", "1000", "2000"])
    var hits = Hits()
    // Where no save is seen, every second wait lasts to the end of its run.
    while hits.kills < wanted, hits.runs <= wanted {
      try withFolder { folder in
        try killAndGoOn(in: folder, within: longest, &hits)
        #expect(try ShortTraining.bits(of: folder.appending(path: "run")) == whole)
      }
      hits.runs += 1
    }
    print(
      "kills: \(hits.kills) of \(hits.runs) runs, \(hits.midEpoch) in mid-epoch,"
        + " \(hits.midSave) in mid-save, \(hits.afterGrowth) after a growth")
    #expect(hits.midEpoch > 0 && hits.midSave > 0 && hits.afterGrowth > 0)
  }

  /// Kills a run again and again, until it ends before its moment has come.
  ///
  /// Every second moment is in a save, which a fast disk makes too short to be hit by chance.
  private func killAndGoOn(
    in folder: URL, within longest: Double, _ hits: inout Hits
  ) throws {
    while true {
      let run = folder.appending(path: "run")
      let remains = tracesOfSaves(in: run)
      let tool = try RunningTool(adabatch, ShortTraining.arguments, in: folder)
      tool.wait(seconds: .random(in: 0.05...longest))
      if hits.kills % 2 == 1 {
        while tool.isRunning, tracesOfSaves(in: run).isSubset(of: remains) { usleep(100) }
      }
      guard tool.isRunning, hits.kills < wanted else {
        let end = try tool.end()
        #expect(end.status == 0 && end.stderr.isEmpty, "\(end)")
        return
      }
      tool.send(SIGKILL)
      let end = try tool.end()
      // The last save is followed by the end, which may come first.
      if end.status == 0 { return }
      #expect(end.status == 128 + SIGKILL)
      hits.kills += 1
      try count(run, remains, &hits)
    }
  }

  /// - Parameter remains: of saves that kills before this one hit.
  private func count(_ run: URL, _ remains: Set<String>, _ hits: inout Hits) throws {
    guard FileManager.default.fileExists(atPath: run.appending(path: "run.yaml").path) else {
      return
    }
    let state = try RunDirectory(opening: run.path).newestCheckpoint().found?.manifest.state
    if let state, state.imagesIntoEpoch > 0 { hits.midEpoch += 1 }
    if let state, state.epochsDone > 0 { hits.afterGrowth += 1 }
    if !tracesOfSaves(in: run).isSubset(of: remains) { hits.midSave += 1 }
  }

  /// Files that tell of a checkpoint, or the best weights, that are being written, with their dates.
  private func tracesOfSaves(in run: URL) -> Set<String> {
    let folder = run.appending(path: RunDirectory.checkpointFolder)
    let names = content(of: folder)
    let manifests = names.filter { $0.hasSuffix(".json") }.map { $0.dropLast(".json".count) }
    let lonely = names.filter {
      $0.hasSuffix(".safetensors") && !manifests.contains($0.dropLast(".safetensors".count))
    }
    let partial = [(folder, names), (run, content(of: run))].flatMap { folder, names in
      names.filter { $0.hasSuffix(".partial") }.map { folder.appending(path: $0) }
    }
    return Set(
      (lonely.map { folder.appending(path: $0) } + partial).map { file in
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        return "\(file.lastPathComponent) \(attributes?[.modificationDate] ?? "")"
      })
  }

  private func content(of folder: URL) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  }
}
