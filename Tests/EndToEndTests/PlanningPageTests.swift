import Foundation
import Testing

@Suite("Documentation/Planning.md", .serialized)
struct PlanningPageTests {
  private let blocks: [ConsoleBlock]

  init() throws { blocks = try ConsoleBlock.all(in: "Documentation/Planning.md") }

  @Test("shows what its command prints, but for what the machine decides")
  func plan() throws {
    let block = try #require(blocks.first)
    let outcome = try adabatch.run(block.arguments)
    #expect(outcome.status == 0 && outcome.stderr.isEmpty)
    #expect(Self.anyMachine(outcome.stdout) == Self.anyMachine(block.output))
  }

  @Test("its measured plan has the lines and columns of the tool's")
  func measured() throws {
    let block = try #require(blocks.last { $0.command.contains("--measure") })
    let unmeasured = try adabatch.run(block.arguments.filter { $0 != "--measure" })
    let shown = Self.anyMachine(block.output)
      .filter { !$0.hasPrefix("adabatch: measuring updates of ") }
    let printed = Self.anyMachine(unmeasured.stdout)
    // What is saved comes last, in other words where the time is known.
    let tables = printed.prefix { !$0.hasPrefix("AdaBatch 256–4096 makes ") }
    #expect(tables.count == 13)
    #expect(shown.count == printed.count)
    for (shown, printed) in zip(shown, tables) { #expect(shown.hasPrefix(printed)) }
  }

  @Test("names every field of the JSON")
  func fields() throws {
    let page = try String(
      contentsOf: checkout.appending(path: "Documentation/Planning.md"), encoding: .utf8)
    let outcome = try adabatch.run([
      "plan", "--measure", "--quiet", "--json", "--dataset", "synthetic", "--network", "alexnet",
      "--epochs", "1", "--batch-size", "8",
    ])
    let plan = try JSONSerialization.jsonObject(with: Data(outcome.stdout.utf8))
    let top = try #require(plan as? [String: Any])
    #expect(top.count == 6)
    // The settings and the machine are those of run.yaml, on a page of their own.
    var names = Set(top.keys)
    for (key, value) in top where key != "settings" { names.formUnion(Self.names(in: value)) }
    let machine = (top["measurement"] as? [String: Any])?["machine"]
    for name in names.subtracting(Self.names(in: machine ?? [])) {
      #expect(page.contains("`\(name)`"), "\(name)")
    }
  }

  /// Lines of words, without the line of the machine and with a sign for memory and its
  /// differences: one decimal and no sign before it.
  private static func anyMachine(_ text: String) -> [String] {
    let memory = /(^| )\d+\.\d( [+-]\d+\.\d %)?(?= |$)/
    return PlanTests.words(text).filter { !$0.hasPrefix("oneDNN ") }
      .map { $0.replacing(memory, with: " MB") }
  }

  private static func names(in value: Any) -> Set<String> {
    if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(names(in: $1)) } }
    guard let object = value as? [String: Any] else { return [] }
    return object.values.reduce(into: Set(object.keys)) { $0.formUnion(names(in: $1)) }
  }
}
