import Foundation
import RunRecords
import Testing

@Suite("Settings that are fed back", .serialized)
struct SettingsRunTests {
  /// Settings none of which is a default, with a rate that 15 digits do not tell.
  private let command = [
    "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "1", "--batch-size",
    "3000", "--growth-factor", "1.5", "--max-batch", "4500", "--growth-interval", "1",
    "--micro-batch",
    "1500", "--drop-last", "--learning-rate", "0.030000000000000002", "--decay", "0.7",
    "--momentum", "0.85", "--weight-decay", "1e-05", "--seed", "18446744073709551615",
    "--test-batch", "500", "--quiet",
  ]

  private func succeed(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> Tool.Outcome {
    let outcome = try adabatch.run(arguments, in: folder, environment: environment)
    #expect(outcome.status == 0 && outcome.stderr.isEmpty, "\(outcome.stderr)")
    return outcome
  }

  private func run(_ name: String, in folder: URL) throws -> RunDirectory {
    try RunDirectory(opening: folder.appending(path: name).path)
  }

  private func weights(_ name: String, in folder: URL) throws -> Data {
    try Data(contentsOf: folder.appending(path: "\(name)/model.safetensors"))
  }

  @Test("run.yaml, and what --print-config prints, train to the same bits; a change does not")
  func sameBits() throws {
    try withFolder { folder in
      let printed = try succeed(command + ["--print-config"], in: folder).stdout
      try Data(printed.utf8).write(to: folder.appending(path: "printed.yaml"))
      _ = try succeed(command + ["--run", "first"], in: folder)
      let first = try run("first", in: folder).settings().settings
      #expect(first.learningRate == 0.030000000000000002 && first.seed == .max)
      // Threads are settings too: OMP_NUM_THREADS is below them.
      for (name, file) in [("record", "first/run.yaml"), ("printed", "printed.yaml")] {
        _ = try succeed(
          ["train", "--config", file, "--quiet", "--run", name], in: folder,
          environment: ["OMP_NUM_THREADS": "2"])
        #expect(try run(name, in: folder).settings().settings == first)
        #expect(try weights(name, in: folder) == weights("first", in: folder), "\(name)")
      }
      _ = try succeed(
        ["train", "--config", "first/run.yaml", "--quiet", "--run", "other"], in: folder,
        environment: ["ADABATCH_MOMENTUM": "0.8"])
      #expect(try weights("other", in: folder) != weights("first", in: folder))
    }
  }

  @Test("printed settings are printed again as they are")
  func fixedPoint() throws {
    try withFolder { folder in
      let path = "é \"b\": #1\t'x'"
      let options = ["--dataset", "cifar10", "--data", path, "--run", "null", "--warmup", "3"]
      let own = ["--baseline-batch", "64", "--batch-size", "48", "--checkpoint-minutes", "0.1"]
      let first = try succeed(["train", "--print-config"] + options + own, in: folder).stdout
      try Data(first.utf8).write(to: folder.appending(path: "a.yaml"))
      let again = try succeed(["train", "--config", "a.yaml", "--print-config"], in: folder).stdout
      func settings(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.components(separatedBy: "  # ")[0] }
      }
      #expect(
        settings(again).map { $0.trimmingCharacters(in: .whitespaces) }
          == settings(first).map { $0.trimmingCharacters(in: .whitespaces) })
      let entries = try SettingsFile(reading: folder.appending(path: "a.yaml").path).entries
      #expect(entries.first { $0.name == "data" }?.value == .text(path))
      #expect(entries.first { $0.name == "run" }?.value == .text("null"))
    }
  }

  @Test("--resume takes what is not given from the run, and refuses what differs by name")
  func resume() throws {
    try withFolder { folder in
      _ = try succeed(command + ["--run", "r"], in: folder)
      let printed = PrintedSettings(
        try succeed(
          ["train", "--resume", "--run", "r", "--print-config", "--seed", "5"], in: folder,
          environment: ["OMP_NUM_THREADS": "2", "ADABATCH_KEEP": "4"]
        ).stdout)
      #expect(printed.values["threads"] == "1" && printed.values["momentum"] == "0.85")
      #expect(printed.values["seed"] == "5" && printed.values["keep"] == "4")
      #expect(printed.origins["momentum"] == "r/checkpoints/000001.json")
      let refused = try adabatch.run(
        ["train", "--resume", "--run", "r"], in: folder,
        environment: ["ADABATCH_EPOCHS": "3", "OMP_NUM_THREADS": "2"])
      #expect(refused.status == 64)
      #expect(
        refused.stderr.hasPrefix(
          "adabatch: the run in r was begun with other settings: epochs: 1 → 3\n"))
      #expect(refused.stderr.hasSuffix("\n  epochs is from $ADABATCH_EPOCHS\n"))
      let done = try succeed(["train", "--resume", "--run", "r"], in: folder)
      #expect(done.stdout.hasPrefix("the run in r is finished: 1 epochs"))
    }
  }
}
