import BatchPolicies
import Communication
import Executors
import Foundation
import NetworkGraph
import RunRecords

// What a training is made of, taken out and put back.
extension Trainer {
  /// Parameters and running statistics under PyTorch's names, and the optimizer's momentum: good until
  /// the next update.
  ///
  /// - Throws: `ExecutorError` where an accelerator does not give them.
  package func tensors() throws -> [SafetensorsTensor] {
    let model = try currentModel()
    let velocity = learner.optimizer.velocity.storage
    return model.tensors + (snapshot?.tensors ?? [])
      + learner.graph.parameters.map { parameter in
        SafetensorsTensor(
          name: parameter.momentumName, shape: parameter.dimensions,
          borrowing: UnsafeBufferPointer(rebasing: velocity[parameter.range]))
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
    guard state.epochsDone < options.epochs || state.imagesIntoEpoch == 0,
      state.epochsDone <= options.epochs,
      state.imagesIntoEpoch <= dataset.training.imageCount
    else {
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
    markChanged()
    learner.restore(microBatchesTracked: state.microBatchesTracked)
    self.state = state
    restoreCourse()
    snapshot = LearnerSnapshot(matching, like: learner)
    if state.course?.watch != nil, snapshot == nil { throw Self.missingSnapshot(checkpoint.path) }
  }

  /// Says that ``learner`` was changed here.
  func markChanged() {
    if case .carried(let work) = work { work.markChanged() }
  }

  private static func missingSnapshot(_ path: String) -> FileError {
    FileError(
      code: .invalid, path: path, operation: "go on from",
      reason: "the weights are missing that the guard may go back to",
      fix: "restore the file from a copy, or start over with --fresh")
  }

  /// Goes on with the decisions as they were.
  private func restoreCourse() {
    let imageCount = dataset.training.imageCount
    course = Course(
      course.policy, shadows: course.shadows, options: options, imageCount: imageCount,
      from: state.course)
    // A checkpoint of an earlier version, whose policies go by the epoch alone.
    if state.course == nil, state.imagesIntoEpoch > 0 || state.epochsDone > 0 {
      let epoch = state.imagesIntoEpoch > 0 ? state.epochsDone : state.epochsDone - 1
      let decision = policy.decision(for: Signals(epoch: epoch, imageCount: imageCount))
      course.adopt(decision, at: state)
    }
    isRestored = true
  }

  /// Gives all ranks the state and the weights of rank 0.
  ///
  /// Also at the beginning: the first weights are made with logarithms and cosines, of which two
  /// hosts' libraries may have different last bits.
  func shareState() throws {
    guard ranks.count > 1, !ranks.haveParted else { return }
    // Accelerators may be ahead of the learner, after an earlier call.
    try ranks.together { try bringBack() }
    let text = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
    let shared = try ranks.share(text)
    // Rank 0's goes on as it is: text is a detour.
    if ranks.own != 0 {
      state = try JSONDecoder().decode(TrainingState.self, from: Data(shared.utf8))
    }
    let weights = learner.weights
    for buffer in [weights.parameters, weights.statistics, learner.optimizer.velocity]
    where buffer.count > 0 {
      try ranks.share(buffer.storage)
    }
    weights.markChanged()
    markChanged()
    learner.restore(microBatchesTracked: state.microBatchesTracked)
    restoreCourse()
    try shareSnapshot()
  }

  private func shareSnapshot() throws {
    let tracked = try ranks.share(snapshot.map { "\($0.microBatchesTracked)" } ?? "")
    guard let tracked = Int(tracked) else { return snapshot = nil }
    var shared = learner.snapshot
    if let snapshot { shared = snapshot }
    shared.microBatchesTracked = tracked
    for numbers in LearnerSnapshot<Float>.parts {
      try shared[keyPath: numbers].withUnsafeMutableBufferPointer { try ranks.share($0) }
    }
    snapshot = shared
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
  mutating func set(_ score: Score, _ watch: Stopwatch, trainingSeconds: Double) {
    (images, correct, correctInTopFive) = (score.images, score.correct, score.correctInTopFive)
    loss = score.lossSum
    (forwardSeconds, backwardSeconds) = (watch.forward, watch.backward)
    (updateSeconds, dataSeconds, switchSeconds) = (watch.update, watch.data, watch.switching)
    communicationSeconds = watch.communication
    self.trainingSeconds = trainingSeconds
  }

  mutating func add(_ traffic: UpdateTraffic) {
    messages += traffic.messages
    messageBytes += traffic.bytes
  }
}

extension Stopwatch {
  init(_ sums: EpochSums) {
    (forward, backward) = (sums.forwardSeconds, sums.backwardSeconds)
    (update, data, switching) = (sums.updateSeconds, sums.dataSeconds, sums.switchSeconds)
    communication = sums.communicationSeconds
  }
}
