import AdaBatch

extension OneDNNLibrary {
  /// Whether this build computes on processors, too.
  #if OneDNN
  static let isBuiltIn = true
  #else
  static let isBuiltIn = false
  #endif

  /// For what can do without; nil in a build that cannot make one.
  static func executor() throws -> OneDNNExecutor? {
    isBuiltIn ? try OneDNNExecutor() : nil
  }
}

#if !OneDNN
// What stands in for oneDNN in a build that computes on accelerators alone. It has the names that
// the tool uses, and no executor can be made, so all that asks for one says so.

enum OneDNNLibrary {
  static let version = "none"
  static let instructionSet = "none"
  static let hasNativeBF16 = false
}

/// There is none: it cannot be made.
final class OneDNNExecutor: Executor {
  let name = OneDNNLibrary.version
  let threads = 0
  let precision = Precision.f32
  private static let reason = ExecutorError(
    .unsupported, problem: "this adabatch was built without oneDNN, and computes on accelerators",
    fix: "train with --device cuda; for the processor build it with 'make build' or swift build")

  init(threads: Int? = nil, precision: Precision = .f32) throws { throw Self.reason }

  func compile(_ graph: Graph, imageCount: Int) throws -> any Program<Float> { throw Self.reason }
  func measureLimits() throws -> MachineLimits { throw Self.reason }

  static var defaultThreads: Int { AvailableCores()?.physicalCount ?? 1 }
}

struct MachineLimits: Encodable {
  let operationsPerSecond, bytesPerSecond: Double

  func best(with other: Self) -> Self { self }
}
#endif
