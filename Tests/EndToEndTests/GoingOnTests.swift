import Foundation
import RunRecords
import Testing

@Suite("A training that is gone on with", .serialized)
struct GoingOnTests {
  /// A run that was killed after its first checkpoint, in `folder/run`.
  private func killedRun(in folder: URL) throws -> URL {
    let run = folder.appending(path: "run")
    let tool = try RunningTool(adabatch, ShortTraining.arguments, in: folder)
    let manifest = run.appending(path: "checkpoints/000002.json").path
    #expect(tool.wait { FileManager.default.fileExists(atPath: manifest) })
    tool.send(SIGKILL)
    #expect(try tool.end().status == 128 + SIGKILL)
    return run
  }

  private func tool(_ more: [String], in folder: URL) throws -> Tool.Outcome {
    try adabatch.run(ShortTraining.arguments.filter { $0 != "--quiet" } + more, in: folder)
  }

  @Test("refuses other settings by name, and damage and another machine are said")
  func changes() throws {
    try withFolder { folder in
      let run = try killedRun(in: folder)
      let refused = try tool(["--learning-rate", "0.1", "--seed", "2"], in: folder)
      #expect(refused.status == 64)
      #expect(
        refused.stderr.hasPrefix(
          """
          adabatch: the run in run was begun with other settings: learning-rate: 0.05 → 0.1, \
          seed: 1 → 2
            fix: go on with its own: adabatch train --resume --run run; 
          """))

      let newest = try #require(
        try RunDirectory(opening: run.path).newestCheckpoint().found)
      try flipBit(of: newest.path.replacing(".json", with: ".safetensors"))
      let settings = run.appending(path: "run.yaml")
      let text = try String(contentsOf: settings, encoding: .utf8)
      try text.replacing(/^adabatch: .*$/.anchorsMatchLineEndings(), with: "adabatch: 0.0.9")
        .write(to: settings, atomically: true, encoding: .utf8)
      let changed = try tool(
        ["--allow-changes", "--learning-rate", "0.04", "--epochs", "1"], in: folder)
      #expect(changed.status == 0)
      let damaged = "run/checkpoints/00000\(newest.number).safetensors"
      #expect(
        changed.stderr == """
          adabatch: warning: its checksum does not match: \(damaged); an older checkpoint is used
          adabatch: warning: the run was begun with adabatch 0.0.9, now 0.1.0: its bits may be \
          others than in one go

          """)
      #expect(
        changed.stdout.contains("goes on from checkpoint \(newest.number - 1): epoch 1 after "))
      let starts = try RunDirectory(opening: run.path).starts().records
      #expect(starts.count == 2)
      #expect(starts[1].checkpoint == newest.number - 1)
      #expect(starts[1].changes.contains("learning-rate: 0.05 → 0.04"))

      let again = try tool(["--learning-rate", "0.04", "--epochs", "1"], in: folder)
      #expect(again.status == 0)
      #expect(again.stdout.hasPrefix("the run in run is finished: 1 epochs, best "))
      try FileManager.default.moveItem(
        at: run.appending(path: "checkpoints"), to: folder.appending(path: "elsewhere"))
      let lost = try tool(["--allow-changes", "--epochs", "2"], in: folder)
      #expect(lost.status == 73 && lost.stderr.contains("no checkpoint to go on from"))
      #expect(FileManager.default.fileExists(atPath: run.appending(path: "model.safetensors").path))
      let fresh = try tool(["--fresh", "--epochs", "1", "--batch-size", "2000"], in: folder)
      #expect(fresh.stdout.hasSuffix("the run is in run-2\n"))
    }
  }

  @Test("is refused where its checkpoints are gone, or another network's")
  func foreignCheckpoints() throws {
    try withFolder { folder in
      let run = try killedRun(in: folder)
      let checkpoints = run.appending(path: "checkpoints")
      let network = try adabatch.run(
        [
          "train", "--dataset", "synthetic", "--network", "resnet20", "--resume", "--run", "run",
          "--allow-changes",
        ], in: folder)
      #expect(network.status == 65)
      #expect(network.stderr.contains("conv1.weight"))
      try FileManager.default.removeItem(at: checkpoints)
      let directory = try RunDirectory(opening: run.path)
      for epoch in 1...2 { try directory.append(EpochRecord.made(epoch: epoch)) }
      let gone = try tool([], in: folder)
      #expect(gone.status == 73)
      #expect(
        gone.stderr == """
          adabatch: run directory run holds epochs of a run, and no checkpoint to go on from
            fix: start over in a new directory with --fresh, or restore its checkpoints

          """)
    }
  }

  private func flipBit(of path: String) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count / 2] ^= 4
    try bytes.write(to: URL(filePath: path))
  }
}

extension EpochRecord {
  /// A record of numbers that no run had.
  fileprivate static func made(epoch: Int) -> EpochRecord {
    EpochRecord(
      epoch: epoch, batchSize: 1, microBatch: 1, learningRate: 1, updates: 1, samplesSeen: 1,
      trainLoss: 1, trainAccuracy: 1, testLoss: 1, testAccuracy: 1, bestAccuracy: 1,
      forwardSeconds: 1, backwardSeconds: 1, updateSeconds: 1, dataSeconds: 1, switchSeconds: 1,
      epochSeconds: 1, imagesPerSecond: 1)
  }
}
