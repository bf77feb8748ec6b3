import BatchPolicies
import Communication
import Executors
import Foundation
import ImageData
import NetworkGraph
import Networks
import RunRecords

// From names and numbers, as a command or a run's record gives them, to what they stand for.
extension TrainingSettings {
  public static let datasetNames = ["cifar10", "cifar100", "synthetic", ownImages]
  public static let policyNames =
    ["adabatch", "fixed"] + MeasuringKind.all.map(\.name) + ["replay"]

  /// The images that `dataset` names.
  ///
  /// - Throws: ``TrainingError`` with code `unknownName`, or `DataError` for damaged files.
  public func makeDataset() throws -> Dataset {
    try Self.makeDataset(dataset, from: data, classes: classes)
  }

  /// The images of a data set by its name; throws as ``makeDataset()``.
  ///
  /// - Parameter folder: nil to look where `DataFolders.searched` says.
  public static func makeDataset(
    _ name: String, from folder: String?, classes: Int
  ) throws -> Dataset {
    if let variant = CIFAR.Variant(rawValue: name) { return try CIFAR.load(variant, from: folder) }
    if name == ownImages {
      let images = try openOwnImages(in: folder)
      guard images.outline.classCount == classes else {
        throw DataError(
          .badImages, images.folder,
          "has \(images.outline.classCount) classes, and \(classes) are expected",
          fix: "name the images that the network was trained on, or train anew")
      }
      return try images.dataset()
    }
    guard let counts = SyntheticImages.counts(named: name) else { throw unknownDataset(name) }
    // The same images for every seed, so that runs of several seeds are comparable.
    return SyntheticImages.make(
      classCount: classes, seed: 1, trainingCount: counts.training, testCount: counts.test)
  }

  /// What is known of the images that `dataset` names before any is read.
  ///
  /// - Throws: as ``makeDataset()``.
  public func datasetOutline() throws -> DatasetOutline {
    try Self.datasetOutline(dataset, from: data, classes: classes)
  }

  /// What is known of a data set's images by its name; throws as ``makeDataset()``.
  public static func datasetOutline(
    _ name: String, from folder: String?, classes: Int
  ) throws -> DatasetOutline {
    if let variant = CIFAR.Variant(rawValue: name) { return CIFAR.outline(of: variant) }
    if name == ownImages { return try openOwnImages(in: folder).outline }
    guard let counts = SyntheticImages.counts(named: name) else { throw unknownDataset(name) }
    return SyntheticImages.outline(
      classCount: classes, trainingCount: counts.training, testCount: counts.test)
  }

  /// The user's own images in a folder that has to be named, unless `$ADABATCH_DATA` does.
  ///
  /// - Throws: ``TrainingError`` where it is not, `DataError` for images that cannot be used.
  public static func openOwnImages(in folder: String?) throws -> PackedImages {
    let named = ProcessInfo.processInfo.environment["ADABATCH_DATA"] ?? ""
    guard let folder = folder ?? (named.isEmpty ? nil : named) else {
      throw TrainingError(
        .impossibleSetting, problem: "--dataset \(ownImages) needs the images' folder",
        fix: "name it with --data; adabatch data pack makes one of photographs")
    }
    return try PackedImages(in: folder)
  }

  /// Where the images of an opened data set lie, from the root; nil for images that are made up.
  package func folder(of opened: Dataset) -> String? {
    Self.isMadeUp(dataset) ? nil : absolutePath(opened.source)
  }

  /// Whether the images of a data set are made when they are used, so that it has no files.
  public static func isMadeUp(_ dataset: String) -> Bool {
    SyntheticImages.counts(named: dataset) != nil
  }

  private static func unknownDataset(_ name: String) -> TrainingError {
    unknownName(name, what: "data set", option: "--dataset", datasetNames)
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

  /// The precision that `precision` names, f32 where it names none; nil for a name that is not one.
  public var knownPrecision: Precision? { precision.map(Precision.init) ?? .f32 }

  /// The reference recipe's decay for a policy: growth goes with a slower one.
  public static func referenceDecay(policy: String) -> Double {
    policy == "fixed" ? ReferenceRecipe.fixedDecay : ReferenceRecipe.growthDecay
  }

  /// - Parameter ranks: that share each update.
  public func options(ranks: Int = 1) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, learningRate: learningRate, momentum: momentum, weightDecay: weightDecay,
      microBatch: microBatch, memoryBudget: memoryBudget, ranks: ranks, testBatch: testBatch,
      dropLast: dropLast, seed: seed, decideEvery: decideEvery,
      guardWindow: guardsGrowth == true ? guardWindow : nil)
  }
}

extension TrainingSettings {
  /// The training that these settings describe, as far as it is decided before images are read.
  ///
  /// - Parameters:
  ///   - images: those of `dataset` unless given.
  ///   - ranks: that share each update.
  /// - Throws: what the names and numbers in the settings can be at fault with.
  public func outline(images: DatasetOutline? = nil, ranks: Int = 1) throws -> TrainingOutline {
    let settings = resolved()
    let options = settings.options(ranks: ranks)
    try options.validate()
    let network = try makeNetwork()
    let policy = try makePolicy()
    return try TrainingOutline(
      network, try images ?? datasetOutline(), policy: policy, named: settings.policy,
      shadows: try makeShadows(), options: options)
  }
}

extension Trainer {
  /// Prepares the training that `settings` describe.
  ///
  /// - Throws: what the names and numbers in `settings`, the data files, and
  ///   ``Trainer/init(_:_:on:ranks:stop:)`` can be at fault with.
  public convenience init(
    _ settings: TrainingSettings, on computing: Computing, ranks: Ranks = Ranks(),
    stop: StopRequest = StopRequest()
  ) throws {
    // Cheap checks first: what cannot be trained is said before a data set is read.
    let outline = try settings.outline(ranks: ranks.count)
    try self.init(outline, try settings.makeDataset(), on: computing, ranks: ranks, stop: stop)
  }
}

extension TrainingSettings {
  /// What to say of a policy that there is not.
  public static func unknownPolicy(_ name: String) -> TrainingError {
    unknownName(name, what: "policy", option: "--policy", policyNames)
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
