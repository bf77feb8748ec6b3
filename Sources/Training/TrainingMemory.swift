import NetworkGraph

/// Bytes that a training works in.
///
/// Not counted: the program and its libraries, the data set where it lies, and copies that are made
/// while a checkpoint is written.
public struct TrainingMemory: Codable, Sendable, Hashable {
  public let trainingProgram: Int
  public let evaluationProgram: Int
  /// Normalised images and labels that are fed to the programs.
  public let batch: Int
  /// Parameters, momentum, gradients, other ranks' sums of them, the running statistics with those
  /// of the update under way, and what a guard keeps to go back to.
  public let weights: Int
  /// Programs take turns over the same memory.
  public let all: Int

  /// - Parameters:
  ///   - graph: of the training.
  ///   - programs: bytes that each works in.
  ///   - images: that are fed to the programs, all buffers together.
  ///   - shares: the micro-batches of an update; what counts is the rank that needs the most.
  ///   - imageElements: numbers in one image.
  ///   - isGuarded: whether weights and momentum from before a growth are kept.
  public init(
    _ graph: Graph, programs: (training: Int, evaluation: Int), images: Int,
    shares: MicroBatchShares = MicroBatchShares(count: 1, ranks: 1), imageElements: Int,
    isGuarded: Bool = false
  ) {
    trainingProgram = programs.training
    evaluationProgram = programs.evaluation
    batch = images * (imageElements * MemoryLayout<Float>.stride + MemoryLayout<Int32>.stride)
    let received = shares.exchanges(of: graph.parameterCount).map(\.received.elements).max() ?? 0
    let kept = isGuarded ? 2 * graph.parameterCount + graph.statisticCount : 0
    weights =
      MemoryLayout<Float>.stride
      * ((2 + shares.gradientBuffers) * graph.parameterCount + received + 2 * graph.statisticCount
        + kept)
    all = max(trainingProgram, evaluationProgram) + batch + weights
  }
}
