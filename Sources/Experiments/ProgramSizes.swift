import BatchPolicies
import Executors
import NetworkGraph
import Training

/// Bytes that a network's programs work in, each looked up once.
struct ProgramSizes {
  private let executor: any Executor<Float>
  private let graph: Graph
  private let evaluationBytes: Int
  private var trainingBytes: [Int: Int]

  /// - Throws: `ExecutorError` when the largest program does not fit into memory.
  init(_ outline: TrainingOutline, _ executor: any Executor<Float>) throws {
    self.executor = executor
    graph = outline.trainingGraph
    let largest = try outline.reserve(on: executor)
    evaluationBytes = largest.evaluationBytes
    trainingBytes = [outline.largestMicroBatch: largest.trainingBytes]
  }

  mutating func memory(of phase: Phase, in outline: TrainingOutline) throws -> TrainingMemory {
    let training = try bytes(images: outline.options.microBatchSize(in: phase.batchSize))
    return outline.memory(updating: phase.batchSize, programs: (training, evaluationBytes))
  }

  private mutating func bytes(images: Int) throws -> Int {
    if let known = trainingBytes[images] { return known }
    let bytes = try executor.memoryBytes(of: graph, imageCount: images)
    trainingBytes[images] = bytes
    return bytes
  }
}

extension TrainingOutline {
  /// What updates of `batchSize` images work in; the images' buffer has the run's largest size from
  /// the start.
  func memory(
    updating batchSize: Int, programs: (training: Int, evaluation: Int)
  ) -> TrainingMemory {
    TrainingMemory(
      trainingGraph, programs: programs, images: largestMicroBatch + testBatch,
      shares: options.shares(of: batchSize),
      imageElements: images.imageDimensions.reduce(1, *), isGuarded: options.guardWindow != nil)
  }
}
