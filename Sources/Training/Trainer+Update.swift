import Executors
import NetworkGraph
import Networks

extension Trainer {
  /// One weight update with the images of a batch, in micro-batches in the batch's order.
  ///
  /// The gradient is Σ (nᵢ/B)·gᵢ over micro-batches of nᵢ images, B being what is really in the
  /// batch: the last one of an epoch may be short.
  func update(with batch: ArraySlice<Int>, epoch: Int, learningRate: Double) throws -> Score {
    var score = Score()
    statistics.begin(weights)
    let size = options.microBatchSize(in: batch.count)
    var rest = batch
    while !rest.isEmpty {
      let microBatch = rest.prefix(size)
      rest = rest.dropFirst(size)
      let share = Float(microBatch.count) / Float(batch.count)
      score.add(try accumulate(microBatch, share: share, epoch: epoch))
    }
    watch.time(\.update) { apply(learningRate) }
    progress.updates += 1
    progress.samplesSeen += batch.count
    return score
  }

  /// Passes one micro-batch forward and backward and adds its share to the gradient.
  private func accumulate(
    _ indices: ArraySlice<Int>, share: Float, epoch: Int
  ) throws -> Score {
    watch.time(\.data) {
      writer.write(indices, epoch: epoch, images: images.pointer, labels: labels.pointer)
    }
    let program = try watch.time(\.switching) {
      try trainingPrograms.program(for: indices.count)
    }
    try watch.time(\.forward) { try program.forward(feed(), weights: weights) }
    let score = score(of: program)
    guard score.meanLoss.isFinite else {
      gradientSum.abandon()
      throw diverged(score.meanLoss, epoch: epoch)
    }
    let gradient = gradientSum.takeBuffer()
    try watch.time(\.backward) { try program.backward(into: gradient.pointer) }
    watch.time(\.update) {
      gradientSum.add(gradient, weight: share)
      statistics.add(program.batchStatistics())
    }
    return score
  }

  private func apply(_ learningRate: Double) {
    let gradient = gradientSum.finish()
    optimizer.step(weights.parameters, gradient: gradient.pointer, learningRate: learningRate)
    gradientSum.recycle(gradient)
    statistics.apply(to: weights)
    weights.markChanged()
  }

  private func feed() -> Feed<Float> {
    Feed(
      inputs: [ImageClassifier.imagesInput: UnsafePointer(images.pointer)],
      labels: UnsafePointer(labels.pointer))
  }

  private func score(of program: any Program<Float>) -> Score {
    var score = Score()
    score.add(
      losses: program.output(ImageClassifier.lossesOutput),
      logits: program.output(ImageClassifier.logitsOutput), labels: labels.pointer)
    return score
  }

  private func diverged(_ loss: Double, epoch: Int) -> TrainingError {
    TrainingError(
      .diverged,
      problem: "the loss is \(loss) in epoch \(epoch + 1), at update \(progress.updates + 1):"
        + " training has diverged; this update was not applied",
      fix: "use a smaller --learning-rate, or a smaller --batch-size")
  }
}
