import Foundation
import Testing

@Suite("A training's memory", .serialized)
struct MemoryTests {
  private struct Plan: Decodable {
    struct Run: Decodable { let totals: Totals }
    struct Totals: Decodable { let memory: Memory }
    struct Memory: Decodable { let all: Int }
    let run: Run
  }

  private struct Finished: Decodable {
    let event: String
    let peakMemoryBytes: Int?
  }

  private let training = [
    "--dataset", "synthetic", "--network", "resnet8", "--policy", "fixed", "--epochs", "1",
  ]

  // 12,000 synthetic images of 3 × 32 × 32 bytes are held in memory, and no plan's.
  private let images = 12_000 * 3072

  // With several micro-batches in an update, and a checkpoint at its end; and with products of
  // matrices, for which oneDNN has kernels that take memory beside the plan.
  @Test(
    "stays within 10 % of the planned bytes, above doctor's footprint",
    arguments: [
      ["--batch-size", "2000", "--micro-batch", "1000"],
      ["--network", "alexnet", "--batch-size", "2048"],
    ])
  func withinPlan(words: [String]) throws {
    try withFolder { folder in
      let options = training + words
      let planned = try decode(Plan.self, adabatch.run(["plan", "--json"] + options, in: folder))
      let outcome = try adabatch.run(["train", "--json"] + options, in: folder)
      let last = try #require(outcome.stdout.split(separator: "\n").last)
      let finished = try JSONDecoder().decode(Finished.self, from: Data(last.utf8))
      let held = try #require(finished.peakMemoryBytes)
      let most = try footprint() + images + planned.run.totals.memory.all / 10 * 11
      #expect(finished.event == "finished")
      #expect(held <= most, "\(held >> 20) MB held, \(most >> 20) MB at most")
      // What was planned was used: the bound is not slack.
      #expect(held >= planned.run.totals.memory.all)
    }
  }

  /// The most that a process holds which makes one step of a tiny network.
  private func footprint() throws -> Int {
    let line = try adabatch.run(["doctor"]).stdout.split(separator: "\n")
      .first { $0.contains(" footprint ") }
    let numbers = try #require(line).split(separator: " ").compactMap { Int($0) }
    return try #require(numbers.max()) << 20
  }

  @Test("with --micro-batch auto keeps to its budget, and goes on with what was chosen")
  func automatic() throws {
    try withFolder { folder in
      let options = training + ["--batch-size", "512", "--micro-batch", "auto", "--run", "run"]
      let plan = try decode(
        Plan.self,
        adabatch.run(
          ["plan", "--json"] + training + ["--batch-size", "512", "--micro-batch", "256"]))
      let bytes = plan.run.totals.memory.all
      let reason = "micro-batch 256 by rule, for \(bytes >> 20) MB of memory"
      let budget = ["--memory-budget", "\(bytes)"]
      let outcome = try adabatch.run(["train"] + options + budget, in: folder)
      #expect(outcome.status == 0, "\(outcome.stderr)")
      #expect(outcome.stdout.contains(reason))
      let record = try String(contentsOf: folder.appending(path: "run/run.yaml"), encoding: .utf8)
      #expect(
        record.contains("micro-batch: 256\n") && record.contains("memory-budget: \(bytes)\n"))
      let decisions = try String(
        contentsOf: folder.appending(path: "run/decisions.jsonl"), encoding: .utf8)
      #expect(decisions.contains("; " + reason))
      // Another batch is another question, and what was chosen for this one no answer.
      let larger = try adabatch.run(
        [
          "train", "--resume", "--run", "run", "--batch-size", "1024", "--micro-batch", "auto",
          "--memory-budget", "\(bytes / 2)",
        ], in: folder)
      #expect(larger.status == 64 && larger.stderr.contains("micro-batch: 256 → "))
      // Another budget, or none: the run has its micro-batch.
      for other in [["--memory-budget", "100GB"], []] {
        let again = try adabatch.run(["train"] + options + other, in: folder)
        #expect(again.status == 0 && again.stdout.contains("is finished"), "\(again.stderr)")
      }
    }
  }

  private func decode<Value: Decodable>(
    _ type: Value.Type, _ outcome: Tool.Outcome
  ) throws -> Value {
    try JSONDecoder().decode(type, from: Data(outcome.stdout.utf8))
  }
}
