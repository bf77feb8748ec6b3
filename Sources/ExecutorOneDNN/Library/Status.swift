import CDNNL
import Executors

/// Turns a status of oneDNN into an error that names the call.
func check(_ call: String, _ status: dnnl_status_t) throws(ExecutorError) {
  if status == dnnl_success { return }
  if status == dnnl_out_of_memory {
    throw ExecutorError(
      .outOfMemory, problem: "oneDNN has no memory left in \(call)",
      fix: "use a smaller micro-batch, or end other programs")
  }
  throw ExecutorError(
    .library, problem: "oneDNN refuses \(call) (\(name(of: status)))",
    fix: "report it with the network, the micro-batch and the oneDNN version")
}

private func name(of status: dnnl_status_t) -> String {
  switch status {
  case dnnl_invalid_arguments: "invalid arguments"
  case dnnl_unimplemented: "not implemented"
  case dnnl_runtime_error: "run-time error"
  default: "status \(status.rawValue)"
  }
}

/// The oneDNN that this process runs with.
public enum OneDNNLibrary {
  /// As in `3.2.0`.
  public static var version: String {
    guard let version = dnnl_version()?.pointee else { return "unknown" }
    return "\(version.major).\(version.minor).\(version.patch)"
  }

  /// The instruction set that its kernels use.
  public static var instructionSet: String {
    if has(dnnl_cpu_isa_avx512_core_amx) { return "AVX-512 AMX" }
    if has(dnnl_cpu_isa_avx512_core_bf16) { return "AVX-512 bf16" }
    if has(dnnl_cpu_isa_avx512_core) { return "AVX-512" }
    if has(dnnl_cpu_isa_avx2) { return "AVX2" }
    return has(dnnl_cpu_isa_avx) ? "AVX" : "SSE4.1"
  }

  /// Whether the CPU computes with bf16 itself.
  ///
  /// For others oneDNN has kernels that widen and round, and are slower than those for f32.
  public static var hasNativeBF16: Bool { has(dnnl_cpu_isa_avx512_core_bf16) }

  /// Whether the CPU multiplies tiles of bf16: AMX.
  static var hasTiles: Bool { has(dnnl_cpu_isa_avx512_core_amx) }

  static func check(_ precision: Precision) throws(ExecutorError) {
    if precision == .tf32 {
      throw ExecutorError(
        .unsupported, problem: "tf32 is for tensor cores, and oneDNN has none on a CPU",
        fix: "use --precision f32 or bf16, or --device cuda")
    }
    if precision == .bf16, !hasNativeBF16 {
      throw ExecutorError(
        .unsupported, problem: "bf16 needs a CPU with AVX-512 bf16; this one has \(instructionSet)",
        fix: "use --precision f32, or auto, which takes bf16 where the CPU has it")
    }
  }

  /// Floats in a vector register of these kernels.
  static var vectorWidth: Int {
    if has(dnnl_cpu_isa_avx512_core) { return 16 }
    return has(dnnl_cpu_isa_avx) ? 8 : 4
  }

  /// Instruction sets are masks: a newer one has the bits of those it contains.
  private static func has(_ wanted: dnnl_cpu_isa_t) -> Bool {
    dnnl_get_effective_cpu_isa().rawValue & wanted.rawValue == wanted.rawValue
  }
}
