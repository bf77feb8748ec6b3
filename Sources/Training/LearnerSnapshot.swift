import Executors
import RunRecords

/// What a learner has learnt at a moment: weights, running statistics, momentum.
struct LearnerSnapshot<Scalar: TensorScalar> {
  var parameters: [Scalar]
  var statistics: [Scalar]
  var velocity: [Scalar]
  var microBatchesTracked: Int
}

extension Learner {
  var snapshot: LearnerSnapshot<Scalar> {
    LearnerSnapshot(
      parameters: weights.parameters.elements, statistics: weights.statistics.elements,
      velocity: optimizer.velocity.elements, microBatchesTracked: microBatchesTracked)
  }

  /// Goes back to a moment.
  func restore(_ snapshot: LearnerSnapshot<Scalar>) {
    weights.parameters.fill(snapshot.parameters)
    weights.statistics.fill(snapshot.statistics)
    optimizer.velocity.fill(snapshot.velocity)
    weights.markChanged()
    restore(microBatchesTracked: snapshot.microBatchesTracked)
  }
}

extension Buffer {
  func fill(_ elements: [Element]) {
    precondition(count == elements.count, "numbers of another network")
    _ = storage.update(fromContentsOf: elements)
  }
}

// In a checkpoint.
extension LearnerSnapshot<Float> {
  private static var names: [String] { ["guard/parameters", "guard/statistics", "guard/momentum"] }
  private static var counterName: String { "guard/micro_batches" }

  /// What a checkpoint may have of it.
  static var tensorNames: Set<String> { Set(names + [counterName]) }

  static var parts: [WritableKeyPath<Self, [Float]>] { [\.parameters, \.statistics, \.velocity] }

  /// No name of PyTorch's has a slash.
  var tensors: [SafetensorsTensor] {
    zip(Self.names, Self.parts).map { name, part in
      let numbers = self[keyPath: part]
      return SafetensorsTensor(name: name, shape: [numbers.count], values: .float32(numbers))
    } + [SafetensorsTensor(name: Self.counterName, scalar: Int64(microBatchesTracked))]
  }

  /// The snapshot of a checkpoint; nil where there is none of this learner's.
  init?(_ checkpoint: WeightMatching, like learner: Learner<Float>) {
    self = learner.snapshot
    for (name, part) in zip(Self.names, Self.parts) {
      let numbers = checkpoint.numbers(of: name)
      guard checkpoint.holds(name), numbers.count == self[keyPath: part].count else { return nil }
      self[keyPath: part] = numbers
    }
    guard let tracked = checkpoint.wholeNumber(of: Self.counterName) else { return nil }
    microBatchesTracked = tracked
  }
}
