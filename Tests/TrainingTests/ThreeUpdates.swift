import Executors
import NetworkGraph
import Networks
import Training

/// What a network came to after the witness's three updates, on some executor.
struct ThreeUpdates: Sendable {
  var graph: Graph
  var start: [Double] = []
  var parameters: [Double] = []
  var velocity: [Double] = []
  var statistics: [Double] = []
  var microBatchesTracked = 0
  /// Of each step, before its update.
  var meanLosses: [Double] = []
  /// Of each step's images, before its update; recorded where somebody asks.
  var imageLosses: [Double] = []
  /// Of step 0's images after the updates, in evaluation mode.
  var logits: [Double] = []

  init<Scalar: TensorScalar>(
    _ witness: Witness, on executor: any Executor<Scalar>, recordingImageLosses: Bool = false
  ) throws {
    let classifier = try witness.classifier()
    graph = try classifier.trainingGraph()
    start = Witness.startParameters(graph)
    let learner = Learner(
      graph, executor, parameters: start.map { Scalar($0) },
      optimizer: SGD(
        momentum: witness.momentum, weightDecay: witness.weightDecay,
        parameterCount: graph.parameterCount))
    for (index, step) in witness.losses.enumerated() {
      let images = witness.images(step: index)
      if recordingImageLosses {
        let program = try executor.compile(graph, imageCount: 4)
        imageLosses += try forward(program, learner.weights, images, step.labels)
          .output(ImageClassifier.lossesOutput).map { Double($0) }
      }
      try update(learner, images, step.labels, witness.learningRate)
    }
    parameters = learner.weights.parameters.elements.map { Double($0) }
    statistics = learner.weights.statistics.elements.map { Double($0) }
    velocity = learner.optimizer.velocity.elements.map { Double($0) }
    microBatchesTracked = learner.microBatchesTracked
    let program = try executor.compile(try classifier.evaluationGraph(), imageCount: 4)
    let first = witness.losses[0]
    logits = try forward(program, learner.weights, witness.images(step: 0), first.labels)
      .output(ImageClassifier.logitsOutput).map { Double($0) }
  }

  private mutating func update<Scalar: TensorScalar>(
    _ learner: Learner<Scalar>, _ images: [Double], _ labels: [Int32], _ rate: Double
  ) throws {
    let (images, labels) = (Buffer(images.map { Scalar($0) }), Buffer(labels))
    learner.beginUpdate()
    let score = try withExtendedLifetime((images, labels)) {
      try learner.accumulate(
        images: images.pointer, labels: labels.pointer, count: 4, share: 1)
    }
    meanLosses.append(score.meanLoss)
    try learner.finishUpdate(learningRate: rate)
  }

  private func forward<Scalar: TensorScalar>(
    _ program: any Program<Scalar>, _ weights: Weights<Scalar>, _ images: [Double],
    _ labels: [Int32]
  ) throws -> any Program<Scalar> {
    let (images, labels) = (Buffer(images.map { Scalar($0) }), Buffer(labels))
    let feed = Feed(
      inputs: [ImageClassifier.imagesInput: UnsafePointer(images.pointer)],
      labels: UnsafePointer(labels.pointer))
    try withExtendedLifetime((images, labels)) {
      try program.forward(feed, weights: weights)
    }
    return program
  }
}
