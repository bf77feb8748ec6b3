import Foundation
import RunRecords
import Testing

@Suite("Policies", .serialized)
struct PolicyTests {
  @Test("Documentation/Policies.md shows what its commands print")
  func page() throws {
    let blocks = try ConsoleBlock.all(in: "Documentation/Policies.md")
    #expect(blocks.count == 2)
    for block in blocks {
      #expect(
        try adabatch.run(block.arguments)
          == Tool.Outcome(status: 0, stdout: block.output, stderr: ""))
    }
  }

  @Test("the list names options that train has, and all that say when and how much")
  func list() throws {
    let listed = try adabatch.run(["policies"]).stdout.split(separator: "\n")
      .compactMap { $0.split(separator: " ").first { $0.hasPrefix("--") } }
    let help = try adabatch.run(["train", "--help"]).stdout
    for option in Set(listed) { #expect(help.contains("\n  \(option) <"), "\(option)") }
    let groups = ["BATCH SIZE AND LEARNING RATE:\n", "WARM-UP:\n"]
    let offered = groups.flatMap { title in
      (help.components(separatedBy: title).last ?? "").components(separatedBy: "\n\n")[0]
        .split(separator: "\n").filter { $0.hasPrefix("  --") }
        .compactMap { $0.split(separator: " ").first }
    }
    #expect(
      Set(offered).subtracting(listed) == [
        "--policy", "--epochs", "--learning-rate", "--batch-per-rank",
      ])
  }

  @Test("milestones, a warm-up and a rate that is kept are in the plan, the record and run.yaml")
  func recorded() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(
        [
          "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "3",
          "--batch-size", "2000", "--test-batch", "1000", "--milestones", "2", "--decay", "1",
          "--warmup", "2", "--baseline-batch", "1000", "--learning-rate", "0.01", "--run", "run",
        ], in: folder)
      #expect(outcome.status == 0)
      #expect(
        outcome.stdout.contains(
          """
          epochs  batch  rate  updates  images
          1        2000  0.01        5   10000
          2        2000  0.02        5   10000
          3        4000  0.02        3   10000
          all 3                     13   30000

          """))
      let run = try RunDirectory(opening: folder.appending(path: "run").path)
      let settings = try run.settings().settings
      #expect(settings.milestones == [2] && settings.growthInterval == nil)
      #expect(settings.warmup == 2 && settings.baselineBatch == 1000)
      #expect(try run.epochs().records.map(\.learningRate) == [0.01, 0.02, 0.02])
      #expect(
        try run.decisions().records.map(\.reason) == [
          "initial batch size 2000; warm-up 1 of 2, rate × 1",
          "initial batch size 2000; warm-up 2 of 2, rate × 2",
          "after 2 epochs: batch 2000 × 2 = 4000, rate kept",
        ])
    }
  }

  @Test("Documentation/AddingAPolicy.md shows the program that is built, and what it prints")
  func ownPolicy() throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/AddingAPolicy.md"), encoding: .utf8)
    let program = try String(
      contentsOf: checkout.appending(path: "Examples/OwnPolicy/main.swift"), encoding: .utf8)
    #expect(page.contains("```swift\n\(program)```"))
    let outcome = try Tool(name: "OwnPolicy").run([])
    #expect(outcome.status == 0)
    let shown = page.components(separatedBy: "swift run -c release OwnPolicy\n")[1]
      .components(separatedBy: "\n```")[0]
    #expect(Self.withoutAccuracies(outcome.stdout) == Self.withoutAccuracies(shown + "\n"))
  }

  @Test("names files that there are", arguments: ["AddingAPolicy", "AddingAnOperation"])
  func files(name: String) throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/\(name).md"), encoding: .utf8)
    let files = page.components(separatedBy: "`").filter {
      $0.hasPrefix("Sources/") || $0.hasPrefix("Tests/") || $0.hasPrefix("Documentation/")
    }
    #expect(files.count >= 10)
    for file in files {
      let path = checkout.appending(path: file).path
      #expect(FileManager.default.fileExists(atPath: path), "\(file)")
    }
  }

  private static func withoutAccuracies(_ text: String) -> [String] {
    text.components(separatedBy: "\n").map { line in
      line.hasSuffix(" % right") ? line.prefix { $0 != ":" } + ": … % right" : line
    }
  }
}
