import Foundation
import RunRecords
import Testing

@Suite("Output that cannot be written", .serialized)
struct OutputTests {
  private let full = """
    adabatch: cannot write to standard output: No space left on device
      fix: give the command again with its output where it can be written

    """

  @Test(
    "is an error with exit code 74",
    arguments: ["networks --json", "networks", "policies", "doctor --json"])
  func results(command: String) throws {
    let outcome = try inShell("adabatch \(command) >/dev/full")
    #expect(outcome.status == 74)
    #expect(outcome.stderr == full)
  }

  @Test("is none where the reader went away")
  func closedPipe() throws {
    let outcome = try inShell("set -o pipefail; adabatch networks | true")
    #expect(outcome == Tool.Outcome(status: 0, stdout: "", stderr: ""))
  }

  @Test("does not end a training, whose records are what matters")
  func training() throws {
    try withFolder { folder in
      let outcome = try inShell(
        """
        adabatch train --dataset synthetic --network alexnet --epochs 1 --batch-size 2000 \
        --test-batch 500 --run run >/dev/full
        """, in: folder)
      #expect(outcome == Tool.Outcome(status: 0, stdout: "", stderr: ""))
      let run = try RunDirectory(opening: folder.appending(path: "run").path)
      #expect(FileManager.default.fileExists(atPath: run.file(RunDirectory.modelFile)))
    }
  }

  /// Runs a line of bash that knows the tool as `adabatch`.
  private func inShell(_ line: String, in folder: URL? = nil) throws -> Tool.Outcome {
    try Tool.run(
      URL(filePath: "/bin/bash"),
      ["-c", "adabatch() { \"$0\" \"$@\"; }; " + line, try adabatch.path], in: folder)
  }
}
