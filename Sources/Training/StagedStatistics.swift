import Executors
import NetworkGraph

/// Running statistics on their way: moved by each micro-batch of an update, in order, and applied
/// together with the update, so that an abandoned update leaves no trace.
struct StagedStatistics<Scalar: TensorScalar> {
  private let statistics: [Statistic]
  private let staged: Buffer<Scalar>
  private var hasBegun = false
  /// Micro-batches that have entered the running statistics: PyTorch's `num_batches_tracked`.
  var microBatchesTracked = 0
  private var stagedMicroBatches = 0

  init(_ statistics: [Statistic]) {
    self.statistics = statistics
    staged = Buffer(repeating: 0, count: statistics.last?.range.upperBound ?? 0)
  }

  /// Starts an update from the statistics as they are.
  mutating func begin(_ weights: Weights<Scalar>) {
    staged.copy(from: weights.statistics)
    hasBegun = true
    stagedMicroBatches = 0
  }

  /// Moves the staged statistics towards those of one micro-batch: s ← (1 − m)·s + m·batch.
  mutating func add(_ batch: [Scalar]) {
    precondition(hasBegun && staged.count == batch.count, "no update has begun")
    let staged = staged.pointer
    stagedMicroBatches += 1
    for statistic in statistics {
      let momentum = Scalar(statistic.momentum)
      for index in statistic.range {
        staged[index] = (1 - momentum) * staged[index] + momentum * batch[index]
      }
    }
  }

  /// Makes the staged statistics the running ones.
  mutating func apply(to weights: Weights<Scalar>) {
    weights.statistics.copy(from: staged)
    microBatchesTracked += stagedMicroBatches
  }
}
