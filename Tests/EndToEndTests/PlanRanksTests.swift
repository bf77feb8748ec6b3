import Foundation
import Testing

@Suite("adabatch plan --ranks", .serialized)
struct PlanRanksTests {
  private let small = [
    "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2", "--batch-size", "8",
  ]
  private let link = ["--measure", "--latency", "2us", "--bandwidth", "10GB/s"]

  @Test("prints what each rank passes and what all of them send, as a training counts it")
  func sharing() throws {
    let outcome = try adabatch.run(["plan", "--ranks", "4"] + small)
    let lines = PlanTests.words(outcome.stdout)
    #expect(outcome.status == 0 && outcome.stderr.isEmpty)
    #expect(lines[1].hasSuffix(" 1 thread on each of 4 ranks"))
    // Meeting, scores, sums and parts, each to three others; AlexNet has no batch norm. Of bytes:
    // 2·3 gradients of 4·2,472,266, 3·(4·4 + 4·32) beside them: 56.6 of 2²⁰.
    #expect(lines.contains("epochs batch a rank passes idle messages MB sent of an allreduce"))
    #expect(lines.contains("1 8 2 × 1 0 48 56.6 1.00 ×"))
    #expect(lines.contains("2 16 4 × 1 0 48 56.6 1.00 ×"))
    #expect(!outcome.stdout.contains(" idle in "))
    #expect(outcome.stdout.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("names ranks that would idle")
  func idle() throws {
    let outcome = try adabatch.run(["plan", "--ranks", "4", "--micro-batch", "4"] + small)
    let lines = PlanTests.words(outcome.stdout)
    #expect(
      lines.contains("2 of 4 ranks idle in epoch 1: an update of 8 images is 2 micro-batches"))
    #expect(lines.count { $0.contains(" idle in ") } == 1)
  }

  @Test("--batch-per-rank is the share of one of them")
  func batchPerRank() throws {
    let words = ["--dataset", "synthetic", "--network", "alexnet", "--epochs", "1"]
    let outcome = try adabatch.run(["plan", "--ranks", "3", "--batch-per-rank", "5"] + words)
    #expect(PlanTests.words(outcome.stdout).contains { $0.hasPrefix("1 15 5 × 3 ") })
  }

  @Test("--measure predicts, and --scaling has a row for 1, 2, 4, … ranks; JSON says the same")
  func scaling() throws {
    let words = ["plan", "--ranks", "4", "--scaling"] + link + small
    let outcome = try adabatch.run(words)
    let lines = PlanTests.words(outcome.stdout)
    #expect(outcome.status == 0)
    #expect(
      outcome.stderr.hasSuffix("adabatch: measuring one rank's micro-batches of 16 images\n"))
    #expect(lines.contains("ranks time × comm idle time × comm idle time × comm idle"))
    for ranks in ["1", "2", "4"] { #expect(lines.contains { $0.hasPrefix("\(ranks) ") }) }
    #expect(
      lines.contains { $0.hasSuffix("a message of n bytes takes 2us + n / 10GB/s, as given.") })
    #expect(outcome.stdout.split(separator: "\n").allSatisfy { $0.count <= 100 })

    let json = try adabatch.run(words + ["--json", "--quiet"])
    let plan = try JSONDecoder().decode(Plan.self, from: Data(json.stdout.utf8))
    #expect(plan.ranks == 4 && plan.link.latencySeconds == 2e-6)
    #expect(plan.link.bandwidthBytesPerSecond == 1e10)
    #expect(plan.scaling.arms.map(\.name) == ["fixed 8", "AdaBatch 8–16", "fixed 16"])
    for arm in plan.scaling.arms {
      #expect(arm.cells.map(\.ranks) == [1, 2, 4])
      for cell in arm.cells {
        let (seconds, speedup) = (cell.predictedSeconds ?? 0, cell.speedup ?? 0)
        #expect(abs(seconds * speedup / (arm.cells[0].predictedSeconds ?? 0) - 1) < 1e-9)
      }
    }
    // The table's last row is the plan itself.
    let (last, total) = (
      plan.scaling.arms[1].cells.last?.predictedSeconds ?? 0, plan.run.totals.predictedSeconds ?? 1
    )
    #expect(abs(last / total - 1) < 1e-9)
  }

  @Test(
    "takes units as people write them",
    arguments: [
      ("0.002ms", "100Gbit/s", 2e-6, 1.25e10), ("2e-6", "1.25e9", 2e-6, 1.25e9),
      ("2 µs", "500 MB/s", 2e-6, 5e8), ("0", "1GiB/s", 0, 1_073_741_824),
    ])
  func units(latency: String, bandwidth: String, seconds: Double, speed: Double) throws {
    let words = [
      "plan", "--ranks", "2", "--measure", "--latency", latency, "--bandwidth", bandwidth,
      "--policy", "fixed", "--json", "--quiet",
    ]
    let outcome = try adabatch.run(words + small)
    let plan = try JSONDecoder().decode(LinkOnly.self, from: Data(outcome.stdout.utf8))
    #expect(abs(plan.link.latencySeconds - seconds) <= 1e-12)
    #expect(abs(plan.link.bandwidthBytesPerSecond / speed - 1) < 1e-12)
  }

  @Test("mpirun -n 2 adabatch bench --link prints what --measure takes")
  func bench() throws {
    let outcome = try Tool.run(
      URL(filePath: "/usr/bin/mpirun"), ["-n", "2", try adabatch.path, "bench", "--link"])
    #expect(outcome.status == 0)
    let words = outcome.stdout.split(whereSeparator: \.isWhitespace).map(String.init)
    try #require(words.count == 4 && words[0] == "--latency" && words[2] == "--bandwidth")
    #expect(outcome.stderr.contains(", both ways at once: medians of 2,000 messages of 4 bytes"))
    let plan = try adabatch.run(
      ["plan", "--ranks", "2", "--measure", "--policy", "fixed", "--quiet"] + small + words)
    #expect(plan == Tool.Outcome(status: 0, stdout: "", stderr: ""))
  }
}

extension PlanRanksTests {
  private struct Link: Decodable {
    let latencySeconds, bandwidthBytesPerSecond: Double
  }

  private struct LinkOnly: Decodable {
    let link: Link
  }

  private struct Plan: Decodable {
    let ranks: Int
    let link: Link
    let run: Run
    let scaling: Table

    struct Run: Decodable { let totals: Totals }
    struct Totals: Decodable { let predictedSeconds: Double? }
    struct Table: Decodable { let arms: [Arm] }
    struct Arm: Decodable {
      let name: String
      let cells: [Cell]
    }
    struct Cell: Decodable {
      let ranks: Int
      let predictedSeconds, speedup: Double?
    }
  }
}
