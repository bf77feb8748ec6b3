import Foundation
import RunRecords
import Testing

@Suite("adabatch compare", .serialized)
struct CompareTests {
  private static let file = """
    name: tiny
    baseline: small
    all: {dataset: synthetic, network: alexnet, epochs: 1, threads: 1, checkpoint-minutes: 0.0001}
    arms:
      large: {policy: fixed, batch-size: 2000}
      small: {policy: fixed, batch-size: 1000}

    """

  private func compare(_ options: [String] = [], in folder: URL) throws -> Tool.Outcome {
    try adabatch.run(["compare", "tiny.yaml"] + options, in: folder)
  }

  @Test("takes finished runs, goes on after Ctrl-C, tabulates, and names what is other or damaged")
  func wholeWay() throws {
    try withFolder { folder in
      func path(_ name: String) -> URL { folder.appending(path: "runs/tiny/\(name)") }
      try Self.file.write(
        to: folder.appending(path: "tiny.yaml"), atomically: true, encoding: .utf8)
      let train = [
        "train", "--dataset", "synthetic", "--network", "alexnet", "--policy", "fixed", "--epochs",
        "1", "--batch-size", "2000", "--threads", "1", "--quiet", "--run", "runs/tiny/large-seed1",
      ]
      #expect(try adabatch.run(train, in: folder).status == 0)
      // As of a version that did not write them yet.
      let predictions = path("large-seed1/predictions.safetensors")
      let written = try Data(contentsOf: predictions)
      try FileManager.default.removeItem(at: predictions)
      let settings = try Data(contentsOf: path("large-seed1/run.yaml"))

      try interrupt(in: folder, at: path("small-seed1/checkpoints"))
      let outcome = try compare(in: folder)
      #expect(outcome.status == 0 && outcome.stderr.isEmpty, "\(outcome.stderr)")
      #expect(
        outcome.stdout.hasPrefix("run 1 of 2, large-seed1: finished\nrun 2 of 2, small-seed1\n"))
      #expect(outcome.stdout.contains("goes on from checkpoint "))
      #expect(outcome.stdout.contains("mark: gone on with after an interruption: small-seed1 1×\n"))
      #expect(try Data(contentsOf: path("large-seed1/run.yaml")) == settings)
      #expect(try Data(contentsOf: predictions) == written)

      let json = try compare(["--json"], in: folder)
      let file = try String(contentsOf: path("comparison.json"), encoding: .utf8)
      #expect(json == Tool.Outcome(status: 0, stdout: file, stderr: ""))
      try documented(file, in: outcome.stdout)
      let tables = try FileManager.default.contentsOfDirectory(atPath: path("report/tables").path)
      #expect(Set(["tiny-arms.md", "tiny-arms.csv", "tiny-arms.tex"]).isSubset(of: tables))
      try otherSettings(in: folder)
      try damaged(path("large-seed1/epochs.jsonl"), in: folder)
    }
  }

  private func interrupt(in folder: URL, at checkpoints: URL) throws {
    let tool = try RunningTool(adabatch, ["compare", "tiny.yaml"], in: folder)
    #expect(
      tool.wait {
        let names = try? FileManager.default.contentsOfDirectory(atPath: checkpoints.path)
        return names?.contains { $0.hasSuffix(".json") } == true
      })
    tool.send(SIGINT)
    let end = try tool.end()
    #expect(end.status == 130)
    #expect(end.stderr.hasPrefix("adabatch: stopped by SIGINT after update "))
    #expect(end.stderr.hasSuffix("\n  go on: adabatch compare tiny.yaml\n"))
  }

  /// The page names every field, and the sentence is the one that was printed.
  private func documented(_ json: String, in printed: String) throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/Comparing.md"), encoding: .utf8)
    let content = try JSONSerialization.jsonObject(with: Data(json.utf8))
    let experiments = (content as? [String: Any])?["experiments"] as? [[String: Any]] ?? []
    let conclusion = try #require(experiments.first?["conclusion"] as? String)
    #expect(printed.contains(conclusion + "\n"))
    for name in Self.names(in: experiments.map { $0.filter { $0.key != "experiment" } }) {
      #expect(page.contains("`\(name)`"), "\(name)")
    }
  }

  private static func names(in value: Any) -> Set<String> {
    if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(names(in: $1)) } }
    guard let object = value as? [String: Any] else { return [] }
    return object.values.reduce(into: Set(object.keys)) { $0.formUnion(names(in: $1)) }
  }

  private func otherSettings(in folder: URL) throws {
    let other = Self.file.replacing("batch-size: 2000", with: "batch-size: 500")
    try other.write(to: folder.appending(path: "other.yaml"), atomically: true, encoding: .utf8)
    let refused = try adabatch.run(["compare", "other.yaml"], in: folder)
    #expect(refused.status == 64 && refused.stdout.isEmpty)
    #expect(
      refused.stderr == """
        adabatch: nothing was started, for there is a problem:
          large-seed1: the run in runs/tiny/large-seed1 has other settings: batch-size: 2000 → 500
              fix: give the experiment those settings, start over in a new directory with --fresh, \
        or take what is there with --results-only

        """)
  }

  private func damaged(_ epochs: URL, in folder: URL) throws {
    try Data("{}\n".utf8).write(to: epochs)
    let outcome = try compare(["--results-only"], in: folder)
    #expect(outcome.status == 65)
    #expect(
      outcome.stderr.hasPrefix(
        """
        adabatch: the other runs are tabulated, without:
        large-seed1: cannot read line 1 of runs/tiny/large-seed1/epochs.jsonl: 
        """))
    #expect(outcome.stdout.contains("\nsmall   1000  "))
    #expect(outcome.stdout.contains("There is nothing to say yet: "))
  }

  @Test("reproduces on ranks, which a launcher starts, and says where the time went")
  func ranks() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(
        [
          "reproduce", "multi-rank", "--networks", "alexnet", "--dataset", "synthetic", "--epochs",
          "1", "--ranks", "2", "--threads", "1", "--quiet",
        ], in: folder)
      #expect(outcome.status == 0 && outcome.stderr.isEmpty, "\(outcome.stderr)")
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "runs/multi-rank").path)
      #expect(
        names.sorted() == [
          "alexnet-adabatch-2-ranks-seed1", "alexnet-adabatch-seed1", "alexnet-fixed-seed1",
          "comparison.json", "report",
        ])
      let run = try RunDirectory(
        opening: folder.appending(path: "runs/multi-rank/alexnet-adabatch-2-ranks-seed1").path)
      #expect(try run.settings().ranks == 2 && run.settings().settings.batchSize == 512)
      #expect(try run.predictions()?.labels.count == 2000)
      #expect(
        outcome.stdout.contains("mark: ranks differ: fixed 1, adabatch 1, adabatch-2-ranks 2"))
      #expect(outcome.stdout.contains("Adabatch-2-ranks "))
    }
  }

  @Test("Documentation/Comparing.md shows an experiment that can be run, and is in Examples")
  func page() throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/Comparing.md"), encoding: .utf8)
    let shown = page.components(separatedBy: "```yaml\n")[1].components(separatedBy: "```")[0]
    let example = checkout.appending(path: "Examples/Comparisons/growth.yaml")
    #expect(try String(contentsOf: example, encoding: .utf8) == shown)
    try withFolder { folder in
      let file = try adabatch.run(["compare", example.path, "--results-only"], in: folder)
      #expect(file.status == 66)
      #expect(
        file.stderr.contains("cannot tabulate runs/growth: growth-seed1: no run; decay-seed1"))
      let commands = page.split(separator: "\n").filter { $0.hasPrefix("adabatch reproduce ") }
      #expect(commands.count == 5)
      for command in commands {
        let words = command.prefix { $0 != "#" }.split(separator: " ").dropFirst().map(String.init)
        let outcome = try adabatch.run(words + ["--results-only"], in: folder)
        #expect(outcome.status == 66 && outcome.stderr.contains("-seed1: no run"), "\(command)")
      }
    }
  }
}
