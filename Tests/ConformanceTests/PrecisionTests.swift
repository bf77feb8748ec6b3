import ExecutorOneDNN
import Executors
import Testing

@Suite("Precision")
struct PrecisionTests {
  @Test(
    "bf16 is refused, with what to do, where the CPU has none",
    .enabled(if: !OneDNNLibrary.hasNativeBF16, "this CPU has bf16, which the suites run with"))
  func refused() throws {
    let error = #expect(throws: ExecutorError.self) { try OneDNNExecutor(precision: .bf16) }
    #expect(error?.code == .unsupported)
    #expect(error?.problem.contains(OneDNNLibrary.instructionSet) == true)
    #expect(error?.fix.contains("--precision f32") == true)
  }
}
