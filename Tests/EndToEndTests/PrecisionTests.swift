import ExecutorOneDNN
import Foundation
import RunRecords
import Testing

@Suite("--precision", .serialized)
struct PrecisionTests {
  private func train(_ precision: String, _ folder: URL) throws -> Tool.Outcome {
    try adabatch.run(
      [
        "train", "--dataset", "synthetic", "--network", "alexnet", "--policy", "fixed",
        "--batch-size", "2000", "--epochs", "1", "--precision", precision, "--run", "run",
      ], in: folder)
  }

  @Test(
    "bf16 trains, is recorded, and is what evaluate takes, to the recorded bits",
    .enabled(if: OneDNNLibrary.hasNativeBF16, "this CPU has no bf16"))
  func recorded() throws {
    try withFolder { folder in
      let outcome = try train("bf16", folder)
      #expect(outcome.status == 0, "\(outcome.stderr)")
      #expect(outcome.stdout.contains("\(OneDNNLibrary.instructionSet), bf16, 1 thread"))
      let run = try RunDirectory(opening: folder.appending(path: "run").path)
      #expect(try run.settings().settings.precision == "bf16")
      let evaluated = try adabatch.run(["evaluate", "run"], in: folder)
      #expect(evaluated.stdout.contains("the same bits as the run recorded"), "\(evaluated.stdout)")
      // The default is another precision than the run's, and bits would not go on.
      let other = try train("f32", folder)
      #expect(other.status == 64)
      #expect(other.stderr.contains("precision: bf16 → f32"))
    }
  }

  @Test("auto is f32 where the CPU has no bf16, and says so; bf16 is refused there")
  func withoutBF16() throws {
    // The library's own switch makes any CPU one without.
    let older = ["ONEDNN_MAX_CPU_ISA": "AVX2"]
    let command = ["bench", "--network", "alexnet", "--batch-size", "2", "--steps", "1"]
    let chosen = try adabatch.run(command + ["--precision", "auto"], environment: older)
    #expect(chosen.status == 0)
    #expect(chosen.stdout.contains("f32"))
    #expect(chosen.stderr.contains("--precision auto is f32 here"))
    let refused = try adabatch.run(command + ["--precision", "bf16"], environment: older)
    #expect(refused.status == 69)
    #expect(refused.stderr.contains("bf16 needs a CPU with AVX-512 bf16; this one has AVX2"))
    #expect(refused.stderr.contains("--precision f32"))
  }
}
