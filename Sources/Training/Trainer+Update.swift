extension Trainer {
  /// One weight update with the images of a batch, in micro-batches in the batch's order.
  ///
  /// The gradient is Σ (nᵢ/B)·gᵢ over micro-batches of nᵢ images, B being what is really in the
  /// batch: the last one of an epoch may be short.
  func update(with batch: ArraySlice<Int>, epoch: Int, learningRate: Double) throws -> Score {
    var score = Score()
    learner.beginUpdate()
    let size = options.microBatchSize(in: batch.count)
    var rest = batch
    while !rest.isEmpty {
      let microBatch = rest.prefix(size)
      rest = rest.dropFirst(size)
      prepare(microBatch, epoch: epoch)
      let share = Double(microBatch.count) / Double(batch.count)
      let partial = try locating(epoch) {
        try learner.accumulate(
          images: images.pointer, labels: labels.pointer, count: microBatch.count, share: share)
      }
      score.add(partial)
    }
    try locating(epoch) { try learner.finishUpdate(learningRate: learningRate) }
    return score
  }

  /// Says in which epoch and update training diverged.
  private func locating<Result>(_ epoch: Int, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as TrainingError {
      throw error.at("epoch \(epoch + 1), update \(state.updates + 1)")
    }
  }

  private func prepare(_ indices: ArraySlice<Int>, epoch: Int) {
    let start = ContinuousClock.now
    writer.write(indices, epoch: epoch, images: images.pointer, labels: labels.pointer)
    learner.watch.data += ContinuousClock.now.seconds(since: start)
  }
}
