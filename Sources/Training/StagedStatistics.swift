import Executors
import NetworkGraph

/// Running statistics on their way: moved by each micro-batch of an update, in order, and applied
/// together with the update, so that an abandoned update leaves no trace.
struct StagedStatistics<Scalar: TensorScalar> {
  private let statistics: [Statistic]
  private var staged: [Scalar] = []
  /// Micro-batches that have entered the running statistics: PyTorch's `num_batches_tracked`.
  var microBatchesTracked = 0
  private var stagedMicroBatches = 0

  init(_ statistics: [Statistic]) { self.statistics = statistics }

  /// Starts an update from the statistics as they are.
  mutating func begin(_ weights: Weights<Scalar>) {
    staged = weights.statistics.elements
    stagedMicroBatches = 0
  }

  /// Moves the staged statistics towards those of one micro-batch: s ← (1 − m)·s + m·batch.
  mutating func add(_ batch: [Scalar]) {
    precondition(staged.count == batch.count, "no update has begun")
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
    for (index, value) in staged.enumerated() { weights.statistics.pointer[index] = value }
    microBatchesTracked += stagedMicroBatches
  }
}
