import Foundation
import Testing

@Suite("adabatch bench", .serialized)
struct BenchTests {
  @Test("measures each part of a step, at several batch sizes, and profiles every layer")
  func json() throws {
    let outcome = try adabatch.run([
      "bench", "--network", "alexnet", "--batch-size", "8", "--batch-size", "20", "--micro-batch",
      "8", "--steps", "3", "--test-batch", "8", "--profile", "--trace", "--json",
    ])
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.stdout.utf8))
    #expect(report.threads == 1)
    #expect(report.results.map(\.batchSize) == [8, 20])
    for result in report.results {
      let parts = [
        result.forwardSeconds, result.backwardSeconds, result.updateSeconds, result.dataSeconds,
      ]
      #expect(parts.allSatisfy { $0 > 0 && $0 < result.stepSeconds })
      let expected = Double(result.batchSize) / result.stepSeconds
      #expect(abs(result.imagesPerSecond - expected) < 1e-6 * expected)
      #expect(result.evaluationImagesPerSecond > 0)
      #expect(result.trace.last?.purpose == "evaluation")
      let traced = result.trace.first { $0.purpose == "training" && $0.images == 8 }
      #expect(traced?.steps.map(\.operation) == result.profile.map(\.operation))
      #expect(traced?.bytes == result.programBytes)
      #expect(result.microBatch == 8 && result.steps == 3)
      #expect(result.programBytes < report.peakResidentBytes)
    }
    #expect(report.results[1].trace.map(\.images) == [4, 8, 8])
    // What a step of the program multiplies is what the network multiplies: networks --json.
    let work = report.results[0].profile.compactMap { row in
      row.gigaflopsPerSecond.map { 1e9 * $0 * row.seconds }
    }
    let wanted = 8 * 86_768_640.0
    #expect(abs(work.reduce(0, +) - wanted) < 1e-6 * wanted)
  }

  @Test("holds a step against its kernels alone and the machine's limits")
  func limits() throws {
    let outcome = try adabatch.run([
      "bench", "--network", "alexnet", "--batch-size", "16", "--micro-batch", "8", "--steps", "5",
      "--limits", "--json",
    ])
    let limits = try JSONDecoder().decode(Limited.self, from: Data(outcome.stdout.utf8))
      .results[0].limits
    #expect(limits.machine.operationsPerSecond > 1e9 && limits.machine.bytesPerSecond > 1e8)
    // On a busy machine any of them may take any time, but not none.
    #expect(limits.kernels.seconds > 0 && limits.stepSeconds > 0 && limits.rounds >= 20)
    for part in [limits.kernels, limits.data, limits.update] {
      #expect(part.share > 0 && part.lowerShare <= part.share && part.share <= part.upperShare)
    }
    #expect(limits.data.share + limits.update.share < 1)
    // 16 images; padding is not counted, nor what tiles save, which is more than half.
    let work = limits.operationSeconds * limits.machine.operationsPerSecond
    #expect(work < 16 * 86_768_640.0 && work > 16 * 86_768_640.0 / 4)
    #expect(limits.rows.count > 20)
    let lost = limits.rows.map { $0.seconds - $0.floorSeconds }
    #expect(lost == lost.sorted(by: >))
  }

  private struct Limited: Decodable {
    struct Result: Decodable { let limits: Limits }
    struct Limits: Decodable {
      struct Machine: Decodable { let operationsPerSecond, bytesPerSecond: Double }
      struct Row: Decodable { let seconds, floorSeconds: Double }
      let machine: Machine
      struct Part: Decodable { let seconds, lowerShare, share, upperShare: Double }
      let rounds: Int
      let kernels, data, update: Part
      let stepSeconds, operationSeconds: Double
      let rows: [Row]
    }
    let results: [Result]
  }

  @Test("prints a table, and refuses what cannot be measured")
  func table() throws {
    let command = ["bench", "--network", "alexnet", "--batch-size", "4", "--steps", "1"]
    let lines = try adabatch.run(command).stdout.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2].hasPrefix("network  batch  micro"))
    #expect(lines[3].hasPrefix("alexnet      4      4"))
    for (option, value) in [
      ("--batch-size", "0"), ("--batch-size", "\(Int.max)"), ("--micro-batch", "5"),
      ("--steps", "0"), ("--test-batch", "1000000000"),
    ] {
      #expect(try adabatch.run(command + [option, value]).status == 64, "\(option) \(value)")
    }
    #expect(try adabatch.run(["bench", "--network", "alexnett"]).status == 64)
    let two = try adabatch.run(
      ["bench", "--batch-size", "8", "--micro-batch", "3", "--limits"])
    #expect(two.status == 64)
    #expect(two.stderr.contains("a batch of 8 in micro-batches of 3 is two"))
  }

  @Test("beside PyTorch needs a Python that imports it, and says so")
  func withoutPyTorch() throws {
    let process = Process()
    let errors = Pipe()
    process.executableURL = checkout.appending(path: "Benchmarks/compare-pytorch")
    process.arguments = ["--tool", try adabatch.path, "--python", "/bin/false"]
    process.standardError = errors
    try process.run()
    let message = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(String(decoding: message, as: UTF8.self).contains("/bin/false cannot import torch"))
  }
}

private struct Report: Decodable {
  let threads, peakResidentBytes: Int
  let results: [Result]

  struct Result: Decodable {
    let batchSize, microBatch, steps, programBytes: Int
    let stepSeconds, dataSeconds, forwardSeconds, backwardSeconds, updateSeconds: Double
    let imagesPerSecond, evaluationImagesPerSecond: Double
    let profile: [Row]
    let trace: [Trace]
  }

  struct Trace: Decodable {
    let purpose: String
    let images, bytes: Int
    let steps: [Row]
  }

  struct Row: Decodable {
    let operation: String
    let seconds: Double
    let gigaflopsPerSecond: Double?

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      operation = try values.decode(String.self, forKey: .operation)
      seconds = try values.decodeIfPresent(Double.self, forKey: .seconds) ?? 0
      gigaflopsPerSecond = try values.decodeIfPresent(Double.self, forKey: .gigaflopsPerSecond)
    }

    enum Key: CodingKey { case operation, seconds, gigaflopsPerSecond }
  }
}
