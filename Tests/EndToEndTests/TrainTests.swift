import Foundation
import RunRecords
import Testing

@Suite("adabatch", .serialized)
struct TrainTests {
  private let command = [
    "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2", "--batch-size",
    "500", "--test-batch", "500", "--run", "run",
  ]

  @Test("trains as a process, and one seed gives the same weights")
  func trains() throws {
    let first = try train(seed: 1)
    #expect(first.epochs.map(\.batchSize) == [500, 1000])
    #expect(first.epochs.map(\.updates) == [20, 30])
    #expect(first.decisions.map(\.batchSize) == [500, 1000])
    #expect(first.settings.settings.growthInterval == 1)
    #expect(first.settings.settings.maxBatch == 8000)
    let again = try train(seed: 1)
    #expect(again.model == first.model)
    #expect(again.epochs.map(\.trainLoss) == first.epochs.map(\.trainLoss))
    #expect(try train(seed: 2).model != first.model)
  }

  @Test("prints a line for each epoch, and nothing when quiet")
  func prints() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(command, in: folder)
      let lines = outcome.stdout.split(separator: "\n")
      #expect(outcome.status == 0)
      #expect(outcome.stderr.isEmpty)
      #expect(lines.first?.hasPrefix("alexnet, 2,472,266 parameters, on synthetic-10: ") == true)
      #expect(lines.filter { $0.hasPrefix("epoch ") }.count == 2)
      #expect(lines.last == "the run is in run")
      let quiet = try adabatch.run(command.dropLast() + ["other", "--quiet"], in: folder)
      #expect(quiet.status == 0)
      #expect(quiet.stdout.isEmpty && quiet.stderr.isEmpty)
    }
  }

  @Test("a diverged run says so, exits 70 and leaves no weights")
  func diverges() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(command + ["--learning-rate", "1e9", "--quiet"], in: folder)
      #expect(outcome.status == 70)
      #expect(outcome.stderr.hasPrefix("adabatch: epoch 1, update "))
      let model = folder.appending(path: "run/model.safetensors")
      #expect(!FileManager.default.fileExists(atPath: model.path))
    }
  }

  @Test("a reader that goes away does not end a training")
  func closedPipe() throws {
    try withFolder { folder in
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments =
        [
          "-c", "set -o pipefail; \"$0\" \"$@\" | head -n 1 >first", try adabatch.path,
        ] + command
      process.currentDirectoryURL = folder
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let run = try RunDirectory(opening: folder.appending(path: "run").path)
      #expect(try run.epochs().records.count == 2)
      #expect(FileManager.default.fileExists(atPath: run.file(RunDirectory.modelFile)))
    }
  }

  @Test(
    "help starts with an example",
    arguments: [
      [], ["train"], ["networks"], ["policies"], ["policies", "convert"], ["doctor"],
      ["evaluate"],
    ])
  func help(subcommand: [String]) throws {
    let outcome = try adabatch.run(subcommand + ["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.stdout.split(separator: "\n").dropFirst().first == "EXAMPLE")
  }

  private struct Run {
    let settings: RunSettings
    let epochs: [EpochRecord]
    let decisions: [DecisionRecord]
    let model: Data
  }

  private func train(seed: Int) throws -> Run {
    try withFolder { folder in
      let outcome = try adabatch.run(command + ["--seed", "\(seed)", "--quiet"], in: folder)
      #expect(outcome == Tool.Outcome(status: 0, stdout: "", stderr: ""))
      let run = try RunDirectory(opening: folder.appending(path: "run").path)
      return Run(
        settings: try run.settings(), epochs: try run.epochs().records,
        decisions: try run.decisions().records,
        model: try Data(contentsOf: URL(filePath: run.file(RunDirectory.modelFile))))
    }
  }
}
