import Foundation
import RunRecords
import Testing

/// Whether this user may mount file systems of its own, as root and in most containers.
private let mayMount: Bool = {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/unshare")
  process.arguments = ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
  process.standardError = FileHandle.nullDevice
  try? process.run()
  process.waitUntilExit()
  return process.terminationStatus == 0
}()

@Suite(
  "A training on a file system that is full or read-only", .serialized,
  .enabled(if: mayMount, "this user may not mount a file system of its own"))
struct BadDiskTests {
  @Test("stops where the disk is full, and goes on to the same bits when there is room")
  func full() throws {
    try withFolder { folder in
      // Room for two of its checkpoints of 20 MB and not for the third beside the best weights.
      let outcome = try inNamespace(
        """
        mount -t tmpfs -o size=50m none disk && cd disk
        "$@"; echo "exit $?"
        ls run/checkpoints
        mount -o remount,size=200m none . && "$@"; echo "exit $?"
        cp -r run ../copy
        """, in: folder)
      let lines = outcome.stdout.split(separator: "\n")
      #expect(lines.first == "exit 74" && lines.last == "exit 0")
      #expect(lines.contains { $0.hasSuffix(".json") }, "no checkpoint is left")
      #expect(!lines.contains { $0.hasSuffix(".partial") }, "half a file is left")
      #expect(outcome.stderr.contains("No space left on device"))
      #expect(outcome.stderr.hasSuffix("\n  go on: adabatch train --resume --run run\n"))
      #expect(try ShortTraining.bits(of: folder.appending(path: "copy")) == ShortTraining.whole)
    }
  }

  @Test("is refused where nothing can be written, before it computes anything")
  func readOnly() throws {
    try withFolder { folder in
      let outcome = try inNamespace(
        "mount -t tmpfs -o ro none disk && cd disk && \"$@\"", in: folder)
      #expect(outcome.status == 73)
      #expect(
        outcome.stderr == """
          adabatch: run directory run cannot be written to: Read-only file system
            fix: name a directory on a disk that has room and that you may write to: --run DIR

          """)
    }
  }

  @Test("is refused where a run that was begun can no longer be written to")
  func readOnlyRun() throws {
    try withFolder { folder in
      let outcome = try inNamespace(
        """
        mount -t tmpfs -o size=200m none disk && cd disk
        timeout -s INT 6 "$@" 2>/dev/null
        mount -o remount,ro none . && "$@"
        """, in: folder)
      #expect(outcome.status == 73, "\(outcome)")
      #expect(outcome.stderr.contains("Read-only file system"))
    }
  }

  /// Runs a line of bash, for which `"$@"` is the training, where it can mount what it likes.
  private func inNamespace(_ line: String, in folder: URL) throws -> Tool.Outcome {
    try FileManager.default.createDirectory(
      at: folder.appending(path: "disk"), withIntermediateDirectories: false)
    let words = ["-rm", "/bin/bash", "-c", line, "bash", try adabatch.path]
    return try Tool.run(
      URL(filePath: "/usr/bin/unshare"), words + ShortTraining.arguments, in: folder)
  }
}
