import Foundation
import Testing

@Suite("README.md", .serialized)
struct ReadmeTests {
  private let readme: String

  init() throws {
    readme = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
  }

  @Test("its program is the one that is built, and it trains")
  func program() throws {
    let program = try String(
      contentsOf: checkout.appending(path: "Examples/FirstRun/main.swift"), encoding: .utf8)
    #expect(readme.contains("```swift\n\(program)```"))
    let outcome = try Tool(name: "FirstRun").run([])
    #expect(outcome.status == 0)
    #expect(outcome.stdout.split(separator: "\n").filter { $0.hasPrefix("batch ") }.count == 6)
  }

  @Test("its demo says which images it has, and compares three arms")
  func demo() throws {
    let outcome = try Tool(name: "demo").run(["1"])
    let lines = outcome.stdout.split(separator: "\n")
    #expect(outcome.status == 0)
    #expect(lines.first?.hasPrefix("Images: synthetic, for no CIFAR-10 is in ") == true)
    for arm in ["fixed 64 ", "AdaBatch 64–1024 ", "fixed 1024 "] {
      #expect(lines.filter { $0.hasPrefix(arm) }.count == 1)
    }
    #expect(outcome.stdout.contains("each update is a reduction.\n"))
  }

  @Test("it and its pages link to files that there are")
  func links() throws {
    let folder = checkout.appending(path: "Documentation")
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".md") }.map { folder.appending(path: $0) }
    var count = 0
    for page in pages + [checkout.appending(path: "README.md")] {
      let text = try String(contentsOf: page, encoding: .utf8)
      for part in text.components(separatedBy: "](").dropFirst() {
        let target = String(part.prefix { $0 != ")" && $0 != "#" })
        if target.isEmpty || target.contains("://") { continue }
        let file = page.deletingLastPathComponent().appending(path: target)
        #expect(FileManager.default.fileExists(atPath: file.path), "\(page.path): \(target)")
        count += 1
      }
    }
    #expect(count >= 10)
  }

  @Test("its wrong command is one of those that are run")
  func wrongCommand() throws {
    let rows = try ErrorTableTests.rows(
      of: checkout.appending(path: "Documentation/Errors.md"))
    let shown = try #require(rows.first { $0.command == "adabatch train --network resnt20" })
    #expect(readme.contains("$ \(shown.command)\n\(shown.stderr)exit \(shown.status)\n"))
  }

  @Test("its training is shown as the tool prints one, whatever the numbers")
  func training() throws {
    let shown = readme.components(separatedBy: "--policy adabatch --epochs 3\n")[1]
      .components(separatedBy: "\n```")[0].split(separator: "\n")
    try withFolder { folder in
      let arguments = ["--network", "alexnet", "--epochs", "3", "--batch-size", "128"]
      let outcome = try adabatch.run(
        ["train", "--dataset", "synthetic"] + arguments, in: folder)
      let printed = outcome.stdout.split(separator: "\n")
      #expect(printed.count == shown.count)
      for (ours, theirs) in zip(printed, shown).dropFirst(2) {
        #expect(shape(ours) == shape(theirs))
      }
    }
  }

  /// The words of a line, with a sign for each number.
  private func shape(_ line: Substring) -> [String] {
    line.split(separator: " ").map { word in
      if word.contains("/") && !word.contains("images") && word.first?.isNumber == false {
        return "path"
      }
      return word.first?.isNumber == true ? "#" : String(word)
    }
  }
}
