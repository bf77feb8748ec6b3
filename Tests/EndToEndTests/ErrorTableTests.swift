import Foundation
import Testing

@Suite("Documentation/Errors.md", .serialized)
struct ErrorTableTests {
  /// A command with what it must print on stderr, and its exit code.
  struct Row: Equatable {
    let command: String
    let stderr: String
    let status: Int32
  }

  @Test("shows every error as the tool prints it, with its exit code")
  func table() throws {
    let rows = try Self.rows(of: checkout.appending(path: "Documentation/Errors.md"))
    #expect(rows.count >= 25)
    try withFolder { folder in
      _ = try FaultyFolder(in: folder)
      for row in rows {
        let outcome = try adabatch.run(Self.arguments(of: row.command), in: folder)
        let got = Row(command: row.command, stderr: outcome.stderr, status: outcome.status)
        #expect(got == row)
        #expect(outcome.stdout.isEmpty, "\(row.command) prints to stdout")
      }
    }
  }

  @Test("a training that fails leaves no run directory behind")
  func nothingLeft() throws {
    try withFolder { folder in
      let outcome = try adabatch.run(["train", "--data", "nowhere", "--run", "r"], in: folder)
      #expect(outcome.status == 66)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "r").path))
    }
  }

  /// Rows are console blocks: `$ command`, then stderr, then `exit N`.
  static func rows(of file: URL) throws -> [Row] {
    let text = try String(contentsOf: file, encoding: .utf8)
    return text.components(separatedBy: "```console\n").dropFirst().map { part in
      var lines = part.components(separatedBy: "\n```")[0].components(separatedBy: "\n")
      let command = String(lines.removeFirst().dropFirst(2))
      let status = Int32(lines.removeLast().dropFirst(5)) ?? -1
      return Row(
        command: command, stderr: lines.map { $0 + "\n" }.joined(), status: status)
    }
  }

  private static func arguments(of command: String) -> [String] {
    command.components(separatedBy: " ").dropFirst().filter { !$0.isEmpty }
  }
}
