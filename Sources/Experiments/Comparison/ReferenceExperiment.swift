import BatchPolicies
import Training

/// The experiments of the reference, as values.
///
/// > Source: Devarakonda, Naumov, Garland 2017, arXiv:1712.02029, and its scripts.
public struct ReferenceExperiment: Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    case cifar10, cifar100
    /// AdaBatch on one rank and on several against the smallest batch on one.
    case multiRank = "multi-rank"
    /// Whether a growing batch can take the place of a decaying rate.
    case growthForDecay = "growth-for-decay"
  }

  public var kind: Kind
  public var networks: [String]
  public var epochs = 100
  public var seeds: [UInt64] = [1]
  public var dropLast = false
  public var dataset: String
  /// Ranks of the arm that has several.
  public var ranks = 3
  /// Further policies, each an arm of its own.
  public var policies: [String] = []
  /// What every arm has besides, by the names of train's options.
  public var common: [String: String] = [:]

  public init(_ kind: Kind) {
    self.kind = kind
    networks = kind.networks
    dataset = kind == .cifar10 || kind == .growthForDecay ? "cifar10" : "cifar100"
  }

  /// The experiments, of each network one or more.
  ///
  /// - Throws: `TrainingError` for names that are there twice.
  public func experiments() throws(TrainingError) -> [Experiment] {
    var all: [Experiment] = []
    for network in networks {
      switch kind {
      case .cifar10, .cifar100: all.append(try oneDevice(network))
      case .multiRank: all.append(try multiRank(network))
      case .growthForDecay: all += try growthForDecay(network)
      }
    }
    return all
  }
}

extension ReferenceExperiment.Kind {
  /// Those of the reference.
  fileprivate var networks: [String] {
    switch self {
    case .cifar10, .cifar100: ["alexnet", "resnet20", "vgg19_bn"]
    case .multiRank: ["resnet20", "vgg19_bn"]
    case .growthForDecay: ["resnet20"]
    }
  }
}

extension ReferenceExperiment {
  /// AdaBatch against the smallest and the largest batch.
  private func oneDevice(_ network: String) throws(TrainingError) -> Experiment {
    let smallest = ReferenceRecipe.batchSize(network: network)
    let largest = ReferenceRecipe.maximumBatchSize(initialBatchSize: smallest)
    let arms =
      [
        arm("adabatch", network, ["policy": "adabatch", "batch-size": "\(smallest)"]),
        arm("smallest", network, ["policy": "fixed", "batch-size": "\(smallest)"]),
        arm("largest", network, ["policy": "fixed", "batch-size": "\(largest)"]),
      ]
      + policies.map { arm($0, network, ["policy": $0, "batch-size": "\(smallest)"]) }
    return try experiment(network, arms, baseline: "smallest", subject: "adabatch")
  }

  /// Rate over batch falls alike: ×0.25 for the fixed batch, ×0.5 where it doubles.
  private func multiRank(_ network: String) throws(TrainingError) -> Experiment {
    let growing = ["policy": "adabatch", "decay": "0.5", "learning-rate": "0.1"]
    let fixed = ["policy": "fixed", "decay": "0.25", "learning-rate": "0.1"]
    let shared = "adabatch-\(ranks)-ranks"
    let batch = "\(ReferenceRecipe.batchSize(network: network))"
    let arms = [
      arm("fixed", network, fixed.merging(["batch-size": batch]) { $1 }),
      arm("adabatch", network, growing.merging(["batch-size": batch]) { $1 }),
      arm(shared, network, growing.merging(["batch-per-rank": batch]) { $1 }, ranks: ranks),
    ]
    return try experiment(network, arms, baseline: "fixed", subject: shared)
  }

  /// Equal rate over batch in both pairs.
  private func growthForDecay(_ network: String) throws(TrainingError) -> [Experiment] {
    [
      try pair(network, growing: "growth-2", rate: "1", decay: "0.5"),
      try pair(network, growing: "growth-2-rate-0.75", rate: "0.75", decay: "0.375"),
    ]
  }

  private func pair(
    _ network: String, growing: String, rate: String, decay: String
  ) throws(TrainingError) -> Experiment {
    let batch = "\(ReferenceRecipe.batchSize(network: network))"
    let arms = [
      arm(
        growing, network,
        ["policy": "adabatch", "growth-factor": "2", "decay": rate, "batch-size": batch]),
      arm("decay-\(decay)", network, ["policy": "fixed", "decay": decay, "batch-size": batch]),
    ]
    return try experiment(
      network, arms, baseline: "decay-\(decay)", subject: growing,
      title: "\(network), \(growing) for decay-\(decay)")
  }

  private func arm(
    _ name: String, _ network: String, _ settings: [String: String], ranks: Int = 1
  ) -> Experiment.Arm {
    let shared = [
      "network": network, "dataset": dataset, "epochs": "\(epochs)",
      "growth-interval": "\(ReferenceRecipe.interval(epochs: epochs))", "drop-last": "\(dropLast)",
    ]
    return Experiment.Arm(
      name, shared.merging(settings) { $1 }.merging(common) { $1 }, ranks: ranks)
  }

  private func experiment(
    _ network: String, _ arms: [Experiment.Arm], baseline: String, subject: String?,
    title: String? = nil
  ) throws(TrainingError) -> Experiment {
    try Experiment(
      "\(kind.rawValue) \(title ?? network)", arms: arms, seeds: seeds, baseline: baseline,
      subject: subject, runPrefix: network + "-")
  }
}

extension ReferenceRecipe {
  /// The batch size that the reference starts a network at.
  static func batchSize(network: String) -> Int { network == "alexnet" ? 256 : 128 }
}
