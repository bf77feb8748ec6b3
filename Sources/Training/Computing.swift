import Executors

/// What a training computes on.
public enum Computing: Sendable {
  /// This machine's processor, micro-batch by micro-batch.
  case host(any Executor<Float>)
  /// A device that makes many updates in one call.
  case accelerator(any Accelerator)

  /// What sums and updates of flat buffers here are divided by.
  var executor: any Executor<Float> {
    switch self {
    case .host(let executor): executor
    case .accelerator: ReferenceExecutor<Float>()
    }
  }
}
