import NetworkGraph
import RunRecords

extension Trainer {
  /// The weights and running statistics under PyTorch's names, for
  /// `load_state_dict(strict=True)`.
  public func model() -> Safetensors { Safetensors(currentModel().tensors.map(\.copied)) }

  /// The same as it is now: good until the next update.
  func currentModel() -> Safetensors {
    let graph = learner.graph
    let parameters = graph.parameters.map { parameter in
      SafetensorsTensor(
        name: parameter.name, shape: parameter.dimensions,
        borrowing: UnsafeBufferPointer(
          rebasing: learner.weights.parameters.storage[parameter.range]))
    }
    let running = graph.statistics.map { statistic in
      SafetensorsTensor(
        name: statistic.name, shape: [statistic.channels],
        borrowing: UnsafeBufferPointer(
          rebasing: learner.weights.statistics.storage[statistic.range]))
    }
    return Safetensors(parameters + running + microBatchCounters(graph))
  }

  /// PyTorch counts micro-batches in each batch norm; here they are the same in all.
  private func microBatchCounters(_ graph: Graph) -> [SafetensorsTensor] {
    graph.statistics.filter { $0.kind == .mean }.map { statistic in
      SafetensorsTensor(
        name: statistic.microBatchCounter, scalar: Int64(learner.microBatchesTracked))
    }
  }
}
