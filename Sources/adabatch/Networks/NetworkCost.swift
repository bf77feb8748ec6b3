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

  /// What training and evaluating with so many images together needs.
  struct Memory: Encodable {
    let images: Int
    let needed: TrainingMemory

    private enum CodingKeys: CodingKey { case images }

    /// One object, as all of it belongs to the images.
    func encode(to encoder: any Encoder) throws {
      try needed.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(images, forKey: .images)
    }
  }

  let network: String
  let classes: Int
  let parameters: Int
  let operations: Operations
  let layers: [LayerRow]
  /// Of a processor's programs; none where the build has none.
  let memory: [Memory]
  /// Threads that the memory is for: kernels keep partial sums for each.
  let threads: Int

  init(
    _ name: String, _ classifier: ImageClassifier, batchSizes: [Int], _ executor: OneDNNExecutor?
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
    threads = executor?.threads ?? 0
    guard let executor else {
      memory = []
      return
    }
    memory = try batchSizes.map { size in
      let programs = (
        training: try executor.memoryBytes(of: training, imageCount: size),
        evaluation: try executor.memoryBytes(of: evaluation, imageCount: size)
      )
      return Memory(
        images: size,
        needed: TrainingMemory(training, programs: programs, images: size, imageElements: image))
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
