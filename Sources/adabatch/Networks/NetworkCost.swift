import AdaBatch

/// What a network consists of and what it costs: the data of `adabatch networks NAME`.
struct NetworkCost: Encodable {
  /// A network's name and size.
  struct Count: Encodable {
    let network: String
    let parameters: Int
  }

  struct LayerRow: Encodable {
    let name: String
    let operation: String
    /// Of one image.
    let output: [Int]
    let parameters: Int
    let operations: Operations
  }

  /// Floating-point operations of one image.
  struct Operations: Encodable {
    let forward: Int
    let training: Int
  }

  /// Bytes needed to train and evaluate with so many images together.
  struct Memory: Encodable {
    let images: Int
    let trainingProgram: Int
    let evaluationProgram: Int
    /// Normalised images and labels of a batch.
    let batch: Int
    /// Parameters, their gradient, the momentum, and the running statistics.
    let weights: Int
    /// Programs take turns over the same memory.
    let all: Int

    init(images: Int, training: Int, evaluation: Int, batch: Int, weights: Int) {
      self.images = images
      trainingProgram = training
      evaluationProgram = evaluation
      self.batch = batch
      self.weights = weights
      all = max(training, evaluation) + batch + weights
    }
  }

  let network: String
  let classes: Int
  let parameters: Int
  let operations: Operations
  let layers: [LayerRow]
  let memory: [Memory]
  /// Threads that the memory is for: kernels keep partial sums for each.
  let threads: Int

  init(
    _ name: String, _ classifier: ImageClassifier, batchSizes: [Int], _ executor: OneDNNExecutor
  ) throws {
    let (training, evaluation) = (try classifier.trainingGraph(), try classifier.evaluationGraph())
    let image = classifier.imageDimensions.reduce(1, *)
    network = name
    classes = classifier.classes
    parameters = training.parameterCount
    layers = LayerSummary.rows(of: training).map(LayerRow.init)
    operations = Operations(
      forward: layers.reduce(0) { $0 + $1.operations.forward },
      training: layers.reduce(0) { $0 + $1.operations.training })
    threads = executor.threads
    let weights = 3 * training.parameterCount + training.statisticCount
    memory = try batchSizes.map { size in
      Memory(
        images: size, training: try executor.memoryBytes(of: training, imageCount: size),
        evaluation: try executor.memoryBytes(of: evaluation, imageCount: size),
        batch: size * (image * MemoryLayout<Float>.stride + MemoryLayout<Int32>.stride),
        weights: weights * MemoryLayout<Float>.stride)
    }
  }
}

extension NetworkCost.LayerRow {
  init(_ row: LayerSummary) {
    name = row.layer
    operation = row.operation
    output = row.output.dimensions
    parameters = row.parameterCount
    operations = NetworkCost.Operations(
      forward: row.forwardOperations, training: row.trainingOperations)
  }
}
