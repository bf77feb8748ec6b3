import Foundation
import RunRecords
import Testing

@Suite("adabatch train with policies that measure", .serialized)
struct MeasuringTests {
  private static let training = [
    "--dataset", "synthetic", "--network", "alexnet", "--batch-size", "500", "--epochs", "2",
    "--threads", "1",
  ]

  @Test("decides while training, watches others, and is repeated to the same bits")
  func measured() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(
        ["train", "--policy", "loss-ratio", "--coupling", "linear", "--hysteresis", "0"]
          + ["--growth-factor", "1.0001", "--max-batch", "500", "--min-batch", "400"]
          + Self.training, in: folder)
      #expect(outcome.status == 64, "a factor that never grows is refused")
      let first = try adabatch.run(
        [
          "train", "--policy", "plateau", "--patience", "1", "--threshold", "0.9", "--cooldown",
          "0",
        ]
          + ["--decide-every", "7", "--max-batch", "1000", "--micro-batch", "125"]
          + ["--shadow", "noise-scale,adabatch", "--run", "a"] + Self.training, in: folder)
      #expect(first.status == 0, "\(first.stderr)")
      #expect(first.stdout.contains("policy plateau: "))
      #expect(first.stdout.contains("only watching: noise-scale, adabatch"))
      let run = try RunDirectory(opening: folder.appending(path: "a").path)
      let decisions = try run.decisions().records
      let change = try #require(decisions.first { $0.action == .change })
      #expect(change.batchSize == 1000 && change.imagesIntoEpoch ?? 0 > 0)
      #expect(change.evidence?.signal == "training loss")
      #expect(first.stdout.contains(change.reason))
      let noise = try run.shadows().records.filter { $0.policy == "noise-scale" }
      #expect(noise.count == decisions.count)
      #expect(noise.last?.evidence?.signal == "noise scale")
      #expect(noise.last?.reason.contains("have to be seen") == false)

      let replay = try adabatch.run(["train", "--replay", "a", "--run", "b"], in: folder)
      #expect(replay.status == 0, "\(replay.stderr)")
      #expect(try bytes(folder, "a/model.safetensors") == bytes(folder, "b/model.safetensors"))
      let again = try adabatch.run(["train", "--replay", "a", "--run", "b"], in: folder)
      #expect(again.stdout.contains("is finished"))
    }
  }

  @Test("says that the micro-batch is a quarter of the initial batch")
  func quarter() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(
        ["train", "--policy", "noise-scale", "--print-config"] + Self.training, in: folder)
      #expect(outcome.stdout.contains("micro-batch: 125"))
      #expect(outcome.stdout.contains("coupling: decay"))
      let plan = try adabatch.run(["plan", "--policy", "noise-scale"] + Self.training, in: folder)
      #expect(plan.status == 0, "\(plan.stderr)")
    }
  }

  private func bytes(_ folder: URL, _ name: String) throws -> Data {
    try Data(contentsOf: folder.appending(path: name))
  }
}
