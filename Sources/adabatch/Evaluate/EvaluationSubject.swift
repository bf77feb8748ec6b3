import AdaBatch

/// Weights, and all that it takes to score them.
struct EvaluationSubject {
  /// Path of a safetensors file.
  let weights: String
  let network: String
  let dataset: String
  /// Folder of the images, nil to search.
  let data: String?
  let classes: Int
  let testBatch: Int
  let engine: Engine
  /// The last epoch of the run that the weights are of.
  let recorded: EpochRecord?

  /// - Throws: `TrainingError` or `GraphError` for names, `FileError` for the weights, `DataError`
  ///   for the images, `ExecutorError` for too little memory.
  func evaluate() throws -> Evaluated {
    guard let layer = try NetworkCatalogue.network(named: network, classes: classes) else {
      throw NetworkCatalogue.unknown(network)
    }
    let outline = try TrainingSettings.datasetOutline(dataset, from: data, classes: classes)
    let graph = try ImageClassifier(
      layer, imageDimensions: outline.imageDimensions, classes: classes
    ).evaluationGraph()
    let weights = try Weights(readingFrom: weights, for: graph)
    let images = try TrainingSettings.makeDataset(dataset, from: data, classes: classes)
    let scorer = try engine.computing.scorer(
      graph, images, batch: testBatch, ranks: RankJob.ranks)
    try RankJob.ranks.meet()
    // One model is scored, whatever files the other ranks have.
    for buffer in [weights.parameters, weights.statistics] where buffer.count > 0 {
      try RankJob.ranks.share(buffer.storage)
    }
    weights.markChanged()
    Console.warnOfLoad(threads: engine.threads)
    return try Evaluated(self, weights, scorer, images)
  }
}
