import Foundation
import RunRecords
import Testing

@Suite("Documentation/FromTheScripts.md", .serialized)
struct ScriptTests {
  /// A row of the table: spellings that mean the same, the scripts that have them, what they are.
  struct Row {
    let spellings: [String]
    let scripts: Set<Character>
    let here: String

    init?(_ line: Substring) {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 6, cells[1].hasPrefix("`") else { return nil }
      spellings = cells[1].split(separator: "`").filter { $0 != ", " }.map(String.init)
      scripts = Set(cells[2].filter { $0 != " " })
      here = cells[3]
    }

    /// The names of options in the spellings.
    var names: [String] {
      spellings.flatMap { $0.split(separator: " ") }.filter { $0.hasPrefix("-") }.map(String.init)
    }
  }

  private let rows: [Row]

  init() throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/FromTheScripts.md"), encoding: .utf8)
    rows = page.split(separator: "\n").compactMap(Row.init)
  }

  @Test("maps every option of the three scripts, and says which has it")
  func everyOption() throws {
    let file = checkout.appending(path: "Tests/EndToEndTests/Witness/script-options.json")
    let scripts = try JSONDecoder().decode([String: [String]].self, from: Data(contentsOf: file))
    let letters: [String: Character] = [
      "adabatch_cifar.py": "C", "cifar_dis.py": "R", "adabatch_imagenet.py": "I",
    ]
    #expect(Set(scripts.keys) == Set(letters.keys))
    for (script, letter) in letters {
      let options = Set((scripts[script] ?? []).filter { $0.hasPrefix("-") })
      let mapped = Set(rows.filter { $0.scripts.contains(letter) }.flatMap(\.names))
      #expect(options.subtracting(mapped).isEmpty, "\(script)")
    }
    let all = Set(scripts.values.joined())
    #expect(Set(rows.flatMap(\.names)).subtracting(all).isEmpty)
  }

  @Test("each row is what the tool makes of the option")
  func everyRow() throws {
    #expect(rows.count >= 35)
    for row in rows {
      for spelling in row.spellings { try check(spelling, is: row.here) }
    }
  }

  private func check(_ spelling: String, is here: String) throws {
    let outcome = try adabatch.run(["train"] + spelling.split(separator: " ").map(String.init))
    var lines = outcome.stderr.components(separatedBy: "\n")
    let name = Comment(rawValue: spelling)
    if here.hasPrefix("refused: ") {
      #expect(outcome.status == 64, name)
      #expect(lines[1] == "  fix: " + here.dropFirst("refused: ".count), name)
      return
    }
    // Without data: that these are missing is said when all else is right.
    #expect(outcome.status == 66, name)
    let words = "adabatch: in its own words: adabatch train"
    switch here {
    case "the same": break
    case "nothing":
      #expect(lines.removeFirst() == words, name)
      #expect(lines.removeFirst().hasPrefix("adabatch: \(spelling) changes nothing here: "), name)
    default:
      #expect(lines.removeFirst() == words + " " + here.split(separator: "`")[0], name)
    }
    #expect(["not found in", "no such"].contains { lines[0].contains($0) }, name)
  }

  @Test("whole commands are what the page makes of them")
  func commands() throws {
    let blocks = try ConsoleBlock.all(in: "Documentation/FromTheScripts.md")
    #expect(blocks.count == 4)
    for block in blocks {
      let outcome = try adabatch.run(block.arguments)
      #expect(outcome.status == 66)
      #expect(outcome.stderr.hasPrefix(block.output + "adabatch: CIFAR-"))
    }
  }

  @Test(
    "--savez changes nothing where something else names the run's directory",
    arguments: ["-c out", "--run=out"])
  func numbers(directory: String) throws {
    let outcome = try adabatch.run(
      ["train"] + directory.split(separator: " ").map(String.init) + ["--savez", "n.npz", "-j4"])
    let lines = outcome.stderr.components(separatedBy: "\n")
    let own = directory.replacingOccurrences(of: "-c", with: "--run")
    #expect(lines[0] == "adabatch: in its own words: adabatch train " + own)
    #expect(
      Set(lines[1...2].map { $0.components(separatedBy: " here: ")[0] }) == [
        "adabatch: -j 4 changes nothing", "adabatch: --savez n.npz changes nothing",
      ])
    #expect(outcome.status == 66)
  }

  @Test(
    "a command of the scripts and its own words are the same settings",
    arguments: [
      (
        "--arch alexnet --train-batch 250 --zero-grad-freq 4 --lr 1e30 --wd 1e-4 --gamma 0.375"
          + " --resize-factor 1 --schedule 1 2 --manualSeed 7 -j2 -c run --savez numbers.npz",
        "--network alexnet --batch-size 1000 --micro-batch 250 --learning-rate 1e30"
          + " --weight-decay 1e-4 --decay 0.375 --policy fixed --milestones 1,2 --seed 7 --run run"
      ),
      (
        "-aalexnet -b500 --lr 1e30 --lr-factor 0.5 --resize-factor 3 --resize-freq 2 --savez run",
        "--network alexnet --batch-size 500 --learning-rate 1e30 --decay 0.5 --policy adabatch"
          + " --growth-factor 3 --growth-interval 2 --run run"
      ),
    ])
  func settings(script: String, own: String) throws {
    // A rate at which training diverges at once: the settings are on the disk by then.
    let common = "train --dataset synthetic --epochs 3 --test-batch 1000 --quiet "
    let runs = try [script, own].map { options in
      try withFolder { folder in
        let outcome = try adabatch.run(
          (common + options).split(separator: " ").map(String.init), in: folder)
        #expect(outcome.status == 70)
        #expect(outcome.stderr.hasPrefix("adabatch: epoch 1, update 2: "))
        return try RunDirectory(opening: folder.appending(path: "run").path).settings()
      }
    }
    #expect(runs[0].settings == runs[1].settings)
    #expect(runs[0].command.hasSuffix(script) && runs[1].command.hasSuffix(own))
  }
}
