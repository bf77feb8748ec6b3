import AdaBatch
import Foundation

/// The variable `XLA_FLAGS`, whose faults end the process that opens a plugin's devices.
enum XLAFlags {
  /// Has a process of its own read it first.
  ///
  /// - Throws: `ExecutorError` with what that said before it ended.
  static func check(_ plugin: String) throws(ExecutorError) {
    let flags = ProcessInfo.processInfo.environment["XLA_FLAGS"] ?? ""
    guard !flags.isEmpty, case .failure(let failed) = DeviceTrial.inProcessOfItsOwn(plugin),
      failed.reason.contains("XLA_FLAGS") || failed.reason.contains("signal")
    else { return }
    throw ExecutorError(
      .unsupported,
      problem: "XLA_FLAGS is '\(printable(flags))', with which the plugin ends: \(failed.reason)",
      fix: "unset XLA_FLAGS, or take out the flag that it names")
  }
}
