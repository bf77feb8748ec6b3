import BatchPolicies
import Executors
import NetworkGraph
import RunRecords

// What a training is made of, taken out and put back.
extension Trainer {
  /// Parameters and running statistics under PyTorch's names, and the optimizer's momentum.
  public func tensors() -> [SafetensorsTensor] {
    let velocity = learner.optimizer.velocity.storage
    return model().tensors
      + learner.graph.parameters.map { parameter in
        SafetensorsTensor(
          name: parameter.momentumName, shape: parameter.dimensions,
          copying: UnsafeBufferPointer(rebasing: velocity[parameter.range]))
      }
  }

  /// Goes on from where a checkpoint was written.
  ///
  /// - Throws: `FileError` with code `invalid`, naming the tensors, where it is another network's
  ///   or another training's. Nothing is changed then.
  public func restore(_ checkpoint: Checkpoint) throws(FileError) {
    let matching = WeightMatching(checkpoint.tensors, learner.graph, momentum: true)
    if let error = matching.error(checkpoint.path) { throw error }
    let state = checkpoint.manifest.state
    guard let phase = phase(at: state), state.imagesIntoEpoch <= phase.samplesPerEpoch else {
      throw FileError(
        code: .invalid, path: checkpoint.path, operation: "go on from",
        reason: "epoch \(state.epochsDone + 1) after \(state.imagesIntoEpoch) images"
          + " is not in this run of \(plan.epochs) epochs of \(dataset.training.imageCount) images",
        fix: "train for more --epochs, or start over with --fresh")
    }
    let (graph, weights) = (learner.graph, learner.weights)
    for parameter in graph.parameters {
      fill(weights.parameters, parameter.range, matching.numbers(of: parameter.name))
      fill(
        learner.optimizer.velocity, parameter.range,
        matching.numbers(of: parameter.momentumName))
    }
    for statistic in graph.statistics {
      fill(weights.statistics, statistic.range, matching.numbers(of: statistic.name))
    }
    weights.markChanged()
    learner.restore(microBatchesTracked: state.microBatchesTracked)
    self.state = state
  }

  /// What the next update is made with, or the last one was where all are done.
  func phase(at state: TrainingState) -> Phase? {
    if state.epochsDone == plan.epochs, state.imagesIntoEpoch == 0 { return plan.phases.last }
    return plan.phase(of: state.epochsDone)
  }

  private func fill(_ buffer: Buffer<Float>, _ range: Range<Int>, _ numbers: [Float]) {
    for (index, number) in zip(range, numbers) { buffer.pointer[index] = number }
  }
}

extension Parameter {
  /// What a checkpoint calls the optimizer's momentum of this parameter; no name of PyTorch's has
  /// a slash.
  var momentumName: String { "momentum/" + name }
}

extension EpochSums {
  init(_ score: Score, _ watch: Stopwatch, trainingSeconds: Double) {
    self.init()
    (images, correct, correctInTopFive) = (score.images, score.correct, score.correctInTopFive)
    loss = score.lossSum
    (forwardSeconds, backwardSeconds) = (watch.forward, watch.backward)
    (updateSeconds, dataSeconds, switchSeconds) = (watch.update, watch.data, watch.switching)
    self.trainingSeconds = trainingSeconds
  }
}

extension Stopwatch {
  init(_ sums: EpochSums) {
    (forward, backward) = (sums.forwardSeconds, sums.backwardSeconds)
    (update, data, switching) = (sums.updateSeconds, sums.dataSeconds, sums.switchSeconds)
  }
}
