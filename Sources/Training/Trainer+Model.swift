import Executors
import NetworkGraph
import RunRecords

extension Trainer {
  /// The weights and running statistics under PyTorch's names, for
  /// `load_state_dict(strict=True)`.
  ///
  /// - Throws: `ExecutorError` where an accelerator does not give them.
  public func model() throws -> Safetensors {
    Safetensors(try currentModel().tensors.map(\.copied))
  }

  /// The same as it is now: good until the next update.
  func currentModel() throws -> Safetensors {
    try bringBack()
    return model(learner.weights, learner.microBatchesTracked)
  }

  /// The weights of the best epoch: right after it, and on an accelerator later, too; nil where they
  /// are not there.
  func bestModel() throws -> Safetensors? {
    if state.imagesIntoEpoch == 0, state.bestEpoch == state.epochsDone { return try currentModel() }
    guard case .carried(let work) = work, let (weights, microBatches) = try work.best() else {
      return nil
    }
    return withExtendedLifetime(weights) {
      Safetensors(model(weights, microBatches).tensors.map(\.copied))
    }
  }

  private func model(_ weights: Weights<Float>, _ microBatches: Int) -> Safetensors {
    let graph = learner.graph
    let parameters = graph.parameters.map { parameter in
      SafetensorsTensor(
        name: parameter.name, shape: parameter.dimensions,
        borrowing: UnsafeBufferPointer(rebasing: weights.parameters.storage[parameter.range]))
    }
    let running = graph.statistics.map { statistic in
      SafetensorsTensor(
        name: statistic.name, shape: [statistic.channels],
        borrowing: UnsafeBufferPointer(rebasing: weights.statistics.storage[statistic.range]))
    }
    // PyTorch counts micro-batches in each batch norm; here they are the same in all.
    let counters = graph.statistics.filter { $0.kind == .mean }.map { statistic in
      SafetensorsTensor(name: statistic.microBatchCounter, scalar: Int64(microBatches))
    }
    return Safetensors(parameters + running + counters)
  }
}
