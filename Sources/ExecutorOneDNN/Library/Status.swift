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
    switch dnnl_get_effective_cpu_isa() {
    case dnnl_cpu_isa_avx512_core_amx, dnnl_cpu_isa_avx512_core_amx_fp16: "AVX-512 AMX"
    case dnnl_cpu_isa_avx512_core_bf16: "AVX-512 bf16"
    case dnnl_cpu_isa_avx512_core_fp16: "AVX-512 fp16"
    case dnnl_cpu_isa_avx512_core_vnni: "AVX-512 VNNI"
    case dnnl_cpu_isa_avx512_core: "AVX-512"
    case dnnl_cpu_isa_avx2, dnnl_cpu_isa_avx2_vnni, dnnl_cpu_isa_avx2_vnni_2: "AVX2"
    case dnnl_cpu_isa_avx: "AVX"
    default: "SSE4.1"
    }
  }

  /// Floats in a vector register of these kernels.
  static var vectorWidth: Int {
    if instructionSet.hasPrefix("AVX-512") { return 16 }
    return instructionSet.hasPrefix("AVX") ? 8 : 4
  }
}
