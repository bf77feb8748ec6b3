import BatchPolicies
import ExecutorOneDNN
import Executors
import ImageData
import Networks
import Training

/// Without batch norm: its images do not see each other.
struct PlainNetwork: CompositeLayer {
  var classes = 10

  var layers: [any Layer] {
    Convolution(16, size: 5, stride: 2, padding: 2).named("first")
    ReLU()
    MaxPool(2)
    Convolution(16, size: 3, padding: 1).named("second")
    ReLU()
    Flatten()
    Dense(classes).named("last")
  }
}

/// With batch norm, and large enough to learn the synthetic images.
struct NormedNetwork: CompositeLayer {
  var layers: [any Layer] {
    Convolution(16, size: 5, padding: 2, initialization: .fanOut).named("first")
    BatchNorm().named("firstNorm")
    ReLU()
    MaxPool(4)
    Convolution(32, size: 3, padding: 1, initialization: .fanOut).named("second")
    BatchNorm().named("secondNorm")
    ReLU()
    GlobalAveragePool()
    Flatten()
    Dense(10).named("last")
  }
}

/// With a batch norm behind the last pooling.
struct OnePixelNetwork: CompositeLayer {
  var layers: [any Layer] {
    GlobalAveragePool()
    BatchNorm().named("norm")
    Flatten()
    Dense(10).named("last")
  }
}

/// One executor for all tests, on one thread: a busy neighbour on the other core then costs nothing.
let oneDNN: OneDNNExecutor = {
  do { return try OneDNNExecutor(threads: 1) } catch { fatalError("oneDNN: \(error)") }
}()

func smallData(training: Int = 400, test: Int = 100) -> Dataset {
  SyntheticImages.make(classCount: 10, seed: 5, trainingCount: training, testCount: test)
}

func growth(from size: Int, to limit: Int, every interval: Int = 1) throws -> AdaBatchGrowth {
  try AdaBatchGrowth(initialBatchSize: size, interval: interval, maximumBatchSize: limit)
}

/// Weights after a whole training.
func trained(
  _ network: any Layer, _ data: Dataset, _ policy: some BatchPolicy, _ options: TrainingOptions,
  on executor: any Executor<Float> = oneDNN
) throws -> [Float] {
  let trainer = try Trainer(network, data, policy: policy, executor: executor, options: options)
  try trainer.train()
  return trainer.learner.weights.parameters.elements + trainer.learner.weights.statistics.elements
}
