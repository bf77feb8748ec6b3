import Foundation
import Testing

@Suite("Progress on a terminal", .serialized)
struct BarTests {
  private let command = [
    "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2", "--batch-size",
    "2000", "--test-batch", "500", "--run", "run",
  ]
  /// Ends in an error after one update.
  private let diverging = [
    "train", "--dataset", "synthetic", "--network", "alexnet", "--epochs", "2", "--batch-size",
    "200", "--learning-rate", "1e30", "--run", "run",
  ]

  @Test("is a line that is drawn anew and gone at the end, which leaves the lines of a log")
  func appears() throws {
    try withFolder { folder in
      let outcome = try PseudoTerminal(columns: 200).run(adabatch, command, in: folder)
      let (lines, drawn) = (outcome.screen.lines, outcome.screen.drawnOver)
      #expect(outcome.status == 0)
      #expect(drawn.count >= 4)
      #expect(drawn.allSatisfy { $0.hasPrefix("epoch ") && $0.count <= 197 })
      let text = drawn.joined(separator: "\n")
      for part in ["[#", "images/s", "loss 2.", "train ", "rate 0.01", "left", "evaluating"] {
        #expect(text.contains(part), "\(part) is in no line")
      }
      #expect(text.contains("batch 2000, 4000 from epoch 2"))
      #expect(
        lines.filter { $0.hasPrefix("epoch ") }.map { $0.prefix(9) } == ["epoch 1/2", "epoch 2/2"])
      #expect(!lines.contains { $0.contains("[#") || $0.contains("[-") })
      #expect(lines.suffix(2) == ["the run is in run", ""])
    }
  }

  @Test("fits into narrow windows, and an error stands below it", arguments: [40, 80])
  func fits(columns: Int) throws {
    try withFolder { folder in
      let outcome = try PseudoTerminal(columns: columns).run(adabatch, diverging, in: folder)
      let drawn = outcome.screen.drawnOver
      #expect(outcome.status == 70)
      #expect(!drawn.isEmpty)
      #expect(drawn.allSatisfy { $0.hasPrefix("epoch 1/2") && $0.count <= columns - 3 })
      #expect(outcome.screen.lines.contains { $0.hasPrefix("adabatch: epoch 1, update 2: the ") })
      #expect(!outcome.screen.lines.contains { $0.hasPrefix("epoch 1/2") })
    }
  }

  @Test("is green in part, but not with NO_COLOR")
  func colour() throws {
    try withFolder { folder in
      let colours = try PseudoTerminal(columns: 120).run(adabatch, command, in: folder).output
      #expect(colours.contains("\u{1B}[32m#"))
      let plain = try PseudoTerminal(columns: 120, environment: ["NO_COLOR": "1"])
        .run(adabatch, command + ["--fresh"], in: folder).output
      #expect(plain.contains("[#"))
      #expect(try plain.firstMatch(of: Regex("\u{1B}\\[[0-9;]*m")) == nil)
    }
  }

  @Test("a dumb terminal gets plain lines", arguments: ["dumb", ""])
  func dumb(terminal: String) throws {
    try withFolder { folder in
      let outcome = try PseudoTerminal(environment: ["TERM": terminal])
        .run(adabatch, diverging, in: folder)
      #expect(!outcome.output.contains("\u{1B}"))
      #expect(outcome.screen.drawnOver.isEmpty)
      #expect(outcome.output.hasPrefix("alexnet, 2,472,266 parameters"))
    }
  }

  @Test("makes room for the message of a run that is stopped")
  func stopped() throws {
    try withFolder { folder in
      let long = command.map { $0 == "2" ? "50" : $0 }
      // Once: a second signal would end it without a checkpoint.
      var isInterrupted = false
      let terminal = PseudoTerminal(columns: 120, environment: ["NO_COLOR": "1"])
      let outcome = try terminal.run(adabatch, long, in: folder) { text, tool in
        guard text.contains("[#"), !isInterrupted else { return }
        isInterrupted = true
        tool.interrupt()
      }
      let lines = outcome.screen.lines
      #expect(outcome.status == 130)
      #expect(
        lines.suffix(3).map { $0.prefix(17) } == ["adabatch: stopped", "  go on: adabatch", ""])
      #expect(!lines.contains { $0.contains("[#") })
    }
  }
}
