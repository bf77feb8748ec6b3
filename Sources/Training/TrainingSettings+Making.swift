import BatchPolicies
import Executors
import ImageData
import NetworkGraph
import Networks
import RunRecords

// From names and numbers, as a command or a run's record gives them, to what they stand for.
extension TrainingSettings {
  public static let datasetNames = ["cifar10", "cifar100", "synthetic"]
  public static let policyNames = ["adabatch", "fixed"]

  /// The images that `dataset` names.
  ///
  /// - Throws: ``TrainingError`` with code `unknownName`, or `DataError` for damaged files.
  public func makeDataset() throws -> Dataset {
    if let variant = CIFAR.Variant(rawValue: dataset) { return try CIFAR.load(variant, from: data) }
    guard dataset == "synthetic" else {
      throw unknownName(dataset, what: "data set", option: "--dataset", Self.datasetNames)
    }
    // The same images for every seed, so that runs of several seeds are comparable.
    return SyntheticImages.make(classCount: classes, seed: 1)
  }

  /// The network that `network` names.
  ///
  /// - Throws: ``TrainingError`` with code `unknownName`, or `GraphError` for an impossible depth.
  public func makeNetwork() throws -> any Layer {
    guard let layer = try NetworkCatalogue.network(named: network, classes: classes) else {
      throw NetworkCatalogue.unknown(network)
    }
    return layer
  }

  /// The policy that `policy` names, with the reference recipe for what is nil.
  ///
  /// - Throws: ``TrainingError`` with code `unknownName`, or `PolicyError` for impossible numbers.
  public func makePolicy() throws -> any BatchPolicy {
    let settings = resolved()
    let interval = settings.growthInterval ?? epochs
    switch policy {
    case "fixed":
      return try FixedBatch(batchSize: batchSize, decay: decay, interval: interval)
    case "adabatch":
      return try AdaBatchGrowth(
        initialBatchSize: batchSize, growthFactor: settings.growthFactor ?? 1, interval: interval,
        maximumBatchSize: settings.maxBatch ?? batchSize, decay: decay)
    default: throw unknownName(policy, what: "policy", option: "--policy", Self.policyNames)
    }
  }

  /// The same settings with the reference recipe's numbers where there was nil.
  public func resolved() -> TrainingSettings {
    var settings = self
    settings.growthInterval = growthInterval ?? ReferenceRecipe.interval(epochs: epochs)
    guard policy == "adabatch" else { return settings }
    settings.growthFactor = growthFactor ?? ReferenceRecipe.growthFactor
    settings.maxBatch =
      maxBatch ?? ReferenceRecipe.maximumBatchSize(initialBatchSize: batchSize)
    return settings
  }

  /// The reference recipe's decay for a policy: growth goes with a slower one.
  public static func referenceDecay(policy: String) -> Double {
    policy == "fixed" ? ReferenceRecipe.fixedDecay : ReferenceRecipe.growthDecay
  }

  public var options: TrainingOptions {
    TrainingOptions(
      epochs: epochs, learningRate: learningRate, momentum: momentum, weightDecay: weightDecay,
      microBatch: microBatch, testBatch: testBatch, dropLast: dropLast, seed: seed)
  }
}

extension Trainer {
  /// Prepares the training that `settings` describe.
  ///
  /// - Throws: what the names and numbers in `settings`, the data files, and
  ///   ``Trainer/init(_:_:policy:executor:options:)`` can be at fault with.
  public convenience init(
    _ settings: TrainingSettings, executor: any Executor<Float>
  ) throws {
    // Cheap checks first: a wrong name or number is said before a data set is read.
    try settings.options.validate()
    let network = try settings.makeNetwork()
    let policy = try settings.makePolicy()
    try self.init(
      network, try settings.makeDataset(), policy: policy, executor: executor,
      options: settings.options)
  }
}

extension NetworkCatalogue {
  /// What to say of a name that is not in the catalogue.
  public static func unknown(_ name: String) -> TrainingError {
    unknownName(name, what: "network", option: "--network", names)
  }
}

package func unknownName(
  _ name: String, what: String, option: String, _ known: [String]
) -> TrainingError {
  let closest = closestName(to: name, among: known)
  return TrainingError(
    .unknownName,
    problem: "there is no \(what) '\(name)'" + (closest.map { "; did you mean '\($0)'?" } ?? ""),
    fix: "give \(option) one of: " + known.joined(separator: ", "))
}
