import Foundation
import RunRecords
import Testing

@Suite("adabatch plan", .serialized)
struct PlanTests {
  private let reference = ["--network", "alexnet", "--batch-size", "256"]

  @Test("needs no images, and prints phases, then the run beside the fixed batches")
  func tables() throws {
    let outcome = try adabatch.run(["plan", "--drop-last"] + reference)
    let lines = Self.words(outcome.stdout)
    #expect(outcome.status == 0 && outcome.stderr.isEmpty)
    try #require(lines.count > 8)
    #expect(
      lines[0]
        == "alexnet, 2,472,266 parameters, on CIFAR-10: 50,000 images to train on, 10,000 to test with"
    )
    #expect(lines[2] == "epochs batch micro-batch rate rate/batch updates dropped MB")
    #expect(lines[3].hasPrefix("1–20 256 256 × 1 0.01 3.90625e-05 3900 1600 "))
    #expect(lines[7].hasPrefix("81–100 4096 4096 × 1 0.00316406 7.72476e-07 240 16960 "))
    #expect(lines[8].hasPrefix("all 100 7520 59200 "))
    #expect(lines.contains { $0.hasPrefix("fixed 256 19500 ") })
    #expect(lines.contains { $0.hasPrefix("AdaBatch 256–4096 7520 -61.4 % ") })
    #expect(lines.contains { $0.hasPrefix("fixed 4096 1200 -93.8 % ") })
    #expect(outcome.stdout.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("JSON says what the tables say")
  func json() throws {
    let command = ["plan", "--micro-batch", "100", "--epochs", "10"] + reference
    let plan = try Self.plan(command)
    let lines = Self.words(try adabatch.run(command).stdout)
    let rows = lines.dropFirst(3).prefix(plan.run.phases.count)
    for (row, phase) in zip(rows, plan.run.phases) {
      let words = row.split(separator: " ").map(String.init)
      let last = phase.lastMicroBatch == 100 ? [] : ["+", "\(phase.lastMicroBatch)"]
      let full = phase.lastMicroBatch == 100 ? phase.microBatches : phase.microBatches - 1
      #expect(words[0] == "\(phase.firstEpoch)–\(phase.lastEpoch)")
      #expect(words[1...4] + last == ["\(phase.batchSize)", "100", "×", "\(full)"] + last)
      let rest = words.dropFirst(5 + last.count)
      #expect(Self.isNear(rest.first, phase.learningRate))
      #expect(Self.isNear(rest.dropFirst().first, phase.ratePerImage))
      #expect(
        rest.dropFirst(2) == [
          "\(phase.updates)", "\(phase.imagesDropped)", Self.megabytes(phase.memory.all),
        ])
    }
    for arm in [plan.run] + plan.baselines {
      let row = lines.first { $0.hasPrefix(arm.name + " \(arm.totals.updates)") }
      #expect(row?.contains(" " + Self.megabytes(arm.totals.memory.all)) == true)
    }
  }

  @Test("is what a run then does: batch sizes, rates, updates, images")
  func run() throws {
    let options = [
      "--dataset", "synthetic", "--network", "alexnet", "--epochs", "4", "--batch-size", "1500",
      "--micro-batch", "1000", "--growth-interval", "1", "--max-batch", "4000", "--warmup", "2",
      "--baseline-batch", "1000", "--learning-rate", "0.001", "--test-batch", "1000", "--drop-last",
    ]
    let plan = try Self.plan(["plan"] + options)
    try withFolder { folder in
      let outcome = try adabatch.run(["train", "--quiet", "--run", "run"] + options, in: folder)
      #expect(outcome.status == 0)
      let run = try RunDirectory(opening: folder.appending(path: "run").path)
      let epochs = try run.epochs().records
      let planned = plan.run.phases.flatMap { phase in
        (phase.firstEpoch...phase.lastEpoch).map { _ in phase }
      }
      #expect(epochs.map(\.batchSize) == planned.map(\.batchSize))
      #expect(epochs.map(\.microBatch) == planned.map(\.microBatch))
      #expect(epochs.map(\.learningRate) == planned.map(\.learningRate))
      #expect(epochs.last?.updates == plan.run.totals.updates)
      #expect(epochs.last?.samplesSeen == plan.run.totals.images)
      #expect(plan.run.totals.images + plan.run.totals.imagesDropped == 4 * 10_000)
      #expect(try run.settings().settings == plan.settings)
      #expect(try run.decisions().records.map(\.reason) == plan.run.phases.map(\.reason))
    }
    #expect(Set(plan.run.phases.map(\.batchSize)) == [1500, 3000, 4000])
  }

  @Test("refuses what train refuses, in the same words")
  func refusals() throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/Errors.md"), encoding: .utf8)
    let section = page.components(separatedBy: "\n## Settings\n")[1]
      .components(separatedBy: "\n## ")[0]
    let rows = try ErrorTableTests.rows(
      of: checkout.appending(path: "Documentation/Errors.md")
    ).filter { row in
      section.contains("$ \(row.command)\n") && row.command.hasPrefix("adabatch train")
        // What only train does: it has a directory, and prints progress in one of several ways.
        && !row.command.contains("--run") && !row.command.contains("--json")
        // A plan is of processors.
        && !row.command.contains("--device")
    }
    #expect(rows.count >= 35)
    try withFolder { folder in
      _ = try FaultyFolder(in: folder)
      for row in rows {
        let arguments = row.command.split(separator: " ").dropFirst(2).map(String.init)
        let outcome = try adabatch.run(["plan"] + arguments, in: folder)
        #expect(
          outcome == Tool.Outcome(status: row.status, stdout: "", stderr: row.stderr),
          "\(row.command)")
      }
    }
  }

  @Test("plans a command of train's by one changed word, and says what changes nothing")
  func idle() throws {
    let words = [
      "--dataset", "synthetic", "--network", "alexnet", "--run", "out", "--keep", "3",
      "--checkpoint-minutes", "5", "--fresh",
    ]
    try withFolder { folder in
      let outcome = try adabatch.run(["plan"] + words, in: folder)
      #expect(outcome.status == 0)
      #expect(
        outcome.stderr
          == ["--run out", "--fresh", "--keep 3", "--checkpoint-minutes 5.0"].map {
            "adabatch: \($0) changes nothing here: a plan writes no files\n"
          }.joined())
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
      let quiet = try adabatch.run(["plan", "--quiet"] + words, in: folder)
      #expect(quiet == Tool.Outcome(status: 0, stdout: "", stderr: ""))
    }
  }

  @Test("understands the options of the scripts")
  func scripts() throws {
    let words = [
      "--arch", "alexnet", "--train-batch", "256", "--lr", "0.01", "--dataset", "cifar100",
    ]
    let outcome = try adabatch.run(["plan"] + words)
    #expect(
      outcome.stderr == "adabatch: in its own words: adabatch plan --learning-rate 0.01"
        + " --network alexnet --batch-size 256 --dataset cifar100\n")
    #expect(Self.words(outcome.stdout).contains { $0.hasPrefix("all 100 7620 0 ") })
    #expect(outcome.stdout.hasPrefix("alexnet, 2,495,396 parameters, on CIFAR-100: 50,000 "))
  }

  @Test("a fixed policy is planned alone")
  func fixed() throws {
    let outcome = try adabatch.run(["plan", "--policy", "fixed"] + reference)
    #expect(outcome.status == 0)
    #expect(!outcome.stdout.contains("fixed 256") && !outcome.stdout.contains("saves"))
    #expect(Self.words(outcome.stdout).contains { $0.hasPrefix("all 100 19600 0 ") })
  }

  @Test("--measure adds images per second and the time of each phase")
  func measured() throws {
    let words = [
      "plan", "--measure", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2",
      "--batch-size", "8",
    ]
    let outcome = try adabatch.run(words)
    let lines = Self.words(outcome.stdout)
    #expect(outcome.status == 0)
    #expect(lines.dropFirst(2).first?.hasSuffix("MB images/s time") == true)
    #expect(
      outcome.stderr == "adabatch: measuring updates of 8 images\n"
        + "adabatch: measuring updates of 16 images\n")
    let plan = try Self.plan(words + ["--quiet"])
    let measurement = try #require(plan.measurement)
    #expect(measurement.threads == 1)
    #expect(measurement.batchSizes.map(\.batchSize) == [8, 16])
    for (phase, size) in zip(plan.run.phases, measurement.batchSizes) {
      // 10,000 images, then 2,000 to test with, then the change.
      let seconds = 10_000 / size.imagesPerSecond + 2_000 / measurement.evaluationImagesPerSecond
      let predicted = phase.predictedSeconds ?? 0
      #expect(abs(predicted - seconds - size.switchSeconds) < 1e-9 * seconds)
    }
  }
}

extension PlanTests {
  /// What a plan's readers find in its JSON.
  struct Plan: Decodable {
    let settings: TrainingSettings
    let run: Arm
    let baselines: [Arm]
    let measurement: Measurement?

    struct Arm: Decodable {
      let name: String
      let phases: [Phase]
      let totals: Totals
    }

    struct Phase: Decodable {
      let firstEpoch, lastEpoch, batchSize, microBatch, microBatches, lastMicroBatch: Int
      let updates, imagesDropped: Int
      let learningRate, ratePerImage: Double
      let predictedSeconds: Double?
      let reason: String
      let memory: Memory
    }

    struct Totals: Decodable {
      let updates, images, imagesDropped: Int
      let memory: Memory
    }

    struct Memory: Decodable {
      let all: Int
    }

    struct Measurement: Decodable {
      let threads: Int
      let evaluationImagesPerSecond: Double
      let batchSizes: [Size]
    }

    struct Size: Decodable {
      let batchSize: Int
      let imagesPerSecond, switchSeconds: Double
    }
  }

  private static func plan(_ command: [String]) throws -> Plan {
    let outcome = try adabatch.run(command + ["--json"])
    #expect(outcome.stderr.isEmpty)
    return try JSONDecoder().decode(Plan.self, from: Data(outcome.stdout.utf8))
  }

  /// Lines with single spaces between their words; empty ones left out.
  static func words(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
  }

  private static func megabytes(_ bytes: Int) -> String {
    String(format: "%.1f", Double(bytes) / 1_048_576)
  }

  private static func isNear(_ text: String?, _ number: Double) -> Bool {
    text.flatMap(Double.init).map { abs($0 / number - 1) < 1e-5 } ?? false
  }
}
