import Foundation
import RunRecords
import Testing

@Suite("A file of settings")
struct SettingsFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ content: String) throws -> SettingsFile {
    let path = folder("settings.yaml")
    try writeAtomically(content.utf8, to: path)
    return try SettingsFile(reading: path)
  }

  @Test("is names with what stands behind them, and their lines")
  func entries() throws {
    let entries = try file(
      """
      # how to train
      network: vgg19_bn

      milestones: [60, 80]
      data: 'a "b": c'  # a folder
      seed:
      """
    ).entries
    #expect(entries.map(\.name) == ["network", "milestones", "data", "seed"])
    #expect(
      entries.map(\.value) == [
        .text("vgg19_bn"), .list(["60", "80"]), .text("a \"b\": c"), .nothing,
      ])
    #expect(entries.map(\.line) == [2, 4, 5, 6])
    #expect(entries[1].value.text == "60,80")
  }

  @Test(
    "keeps the text that versions of YAML read in different ways",
    arguments: [
      "010", "1_000", "1e-3", "0x10", "yes", "no", "on", ".inf", "1:30", "2026-01-31", "!!int 3",
    ])
  func literal(text: String) throws {
    let expected = text == "!!int 3" ? "3" : text
    #expect(try file("a: \(text)\n").entries.map(\.value) == [.text(expected)])
  }

  @Test(
    "nothing is nothing, and in quotes a word",
    arguments: [
      ("", SettingsFile.Value.nothing), ("~", .nothing), ("null", .nothing), ("[]", .nothing),
      ("'null'", .text("null")), ("'~'", .text("~")), ("{b: 1}", .nested), ("[1, [2]]", .nested),
    ])
  func nothing(text: String, value: SettingsFile.Value) throws {
    #expect(try file("a: \(text)\n").entries.map(\.value) == [value])
  }

  @Test("of a run is its settings alone")
  func run() throws {
    let run = try RunDirectory(creatingAt: folder("run"))
    try run.write(RunSettings.sample())
    let entries = try SettingsFile(reading: run.file(RunDirectory.settingsFile)).entries
    #expect(entries.count == 19)
    #expect(entries.first?.name == "dataset" && entries.first?.line == 5)
    #expect(entries.first { $0.name == "seed" }?.value == .text("18446744073709551615"))
    #expect(
      entries.first { $0.name == "data" }?.value == .text(RunSettings.sample().settings.data!))
  }

  @Test("may begin with the mark that some editors write, and end lines in another way")
  func otherSystems() throws {
    let entries = try file("\u{FEFF}epochs: 2\r\nseed: 3\r\n").entries
    #expect(entries.map(\.name) == ["epochs", "seed"])
    #expect(entries.map(\.value) == [.text("2"), .text("3")])
  }

  @Test(
    "that is none says what is wrong, and where",
    arguments: [
      ("", "it holds no settings"),
      ("# only this\n", "it holds no settings"),
      ("- a\n", "it does not consist of names and values"),
      ("adabatch: 1\nsettings: 2\n", "its settings do not consist of names and values"),
      ("a: 1\nb: 1\na: 2\n", "line 1: 'a' is there twice"),
      ("? [a]\n: b\n", "line 1: a name is needed before the ':'"),
      (
        "a: 1 b: 2\n",
        "line 1, column 7 is not YAML: a second ': ', or a line that is indented too far"
      ),
      ("a: 1\n\tb: 2\n", "line 2, column 1 is not YAML: a tab, where only spaces may be"),
      ("a: [1\nb: 2\n", "line 2, column 2 is not YAML: a ',' or ']' is missing"),
      ("a: 'x\n", "line 2, column 1 is not YAML: a quote is not closed"),
      ("a: @b\n", "line 1, column 4 is not YAML: nothing begins with '@' unless it is in quotes"),
      ("a: 1\n---\nb: 2\n", "line 2, column 1 is not YAML: a second document begins"),
      ("a: \u{1}\n", "it is not YAML: control characters are not allowed"),
      ("a: &x 1\nb: *x\n", "it uses the alias '*x', and aliases are not followed"),
    ])
  func faulty(content: String, reason: String) throws {
    let error = #expect(throws: FileError.self) { try file(content) }
    #expect(error?.code == .invalid)
    #expect(error?.reason == reason)
  }

  @Test("that grows without end when its aliases are followed is refused at once")
  func bomb() throws {
    // Nine levels of nine: more than 10⁸ values, and as a name each would be looked at.
    let levels = (1...9).map { level in
      "l\(level): &l\(level) [" + (1...9).map { _ in "*l\(level - 1)" }.joined(separator: ",") + "]"
    }
    let content = (["l0: &l0 x"] + levels + ["? *l9", ": 1"]).joined(separator: "\n")
    #expect(throws: FileError.self) { try file(content) }
  }

  @Test("that is nested without end, too large, or no text is refused")
  func hostile() throws {
    let deep = #expect(throws: FileError.self) {
      try file("a: " + String(repeating: "[", count: 90_000))
    }
    #expect(deep?.reason.hasSuffix("more brackets one in another than any settings have") == true)
    let large = #expect(throws: FileError.self) {
      try file(String(repeating: "# 345678\n", count: 11_112))
    }
    #expect(large?.reason == "it has 100008 bytes, and a file of settings at most 100000")
    let path = folder("bytes")
    try writeAtomically([0x61, 0x3A, 0x20, 0xFF, 0xFE], to: path)
    #expect(throws: FileError.self) { try SettingsFile(reading: path) }
    let missing = #expect(throws: FileError.self) {
      try SettingsFile(reading: folder("nowhere"))
    }
    #expect(missing?.code == .missing)
  }
}
