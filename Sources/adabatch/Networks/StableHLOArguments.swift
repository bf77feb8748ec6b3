import AdaBatch
import ArgumentParser

/// What `networks NAME --stablehlo` prints.
struct StableHLOArguments: ParsableArguments {
  @Flag(help: "Print the training program for accelerators, as StableHLO.")
  var stablehlo = false

  @Option(
    name: .customLong("precision"),
    help: ArgumentHelp(
      "With --stablehlo, of activations and products: f32, tf32 (f32 with products that tensor cores"
        + " round), or bf16 (default: f32).",
      valueName: "name"))
  var numbers: Precision?

  @Option(
    help: ArgumentHelp(
      "With --stablehlo, images with batch statistics of their own; divides the batch (default: all"
        + " of it).",
      valueName: "n"))
  var microBatch: Int?

  /// The network whose program is asked for, with nothing beside it that it is not made of; nil where
  /// none is.
  func network(of name: String?, json: Bool) throws(TrainingError) -> String? {
    guard stablehlo else {
      let idle = [numbers.map { _ in "--precision" }, microBatch.map { _ in "--micro-batch" }]
      guard let option = idle.compactMap(\.self).first else { return nil }
      throw refused("\(option) is for the program that --stablehlo prints", "add --stablehlo")
    }
    guard let name else {
      throw refused(
        "--stablehlo prints one network's program", "name it: adabatch networks resnet20")
    }
    if json { throw refused("--stablehlo prints a program, not JSON", "leave --json out") }
    return name
  }

  /// - Parameter batchSizes: one, or none for 128.
  func text(
    of classifier: ImageClassifier, _ name: String, _ batchSizes: [Int]
  ) throws -> String {
    guard batchSizes.count <= 1 else {
      throw refused(
        "--stablehlo prints the program of one batch size, not of \(batchSizes.count)",
        "give --batch-size once")
    }
    let batch = batchSizes.first ?? 128
    let group = microBatch ?? batch
    guard group >= 1, batch.isMultiple(of: group) else {
      throw refused(
        "--micro-batch is \(group), but needs to divide the batch of \(batch)",
        "give one that does, or leave it out")
    }
    let graph = try classifier.trainingGraph()
    try graph.verify(imageCount: group)
    let images = CIFAR.outline(of: .cifar10).trainingCount
    return UpdatesText(
      graph, outputs: (ImageClassifier.logitsOutput, ImageClassifier.lossesOutput),
      UpdatesText.Sizes(
        dataset: images, batch: batch, group: group, updates: max(1, images / batch)),
      UpdatesText.Recipe(momentum: 0.9, weightDecay: 5e-4, of: .cifar),
      precision: numbers ?? .f32, named: name
    ).text
  }

  private func refused(_ problem: String, _ fix: String) -> TrainingError {
    TrainingError(.impossibleSetting, problem: problem, fix: fix)
  }
}

extension Precision: ExpressibleByArgument {}

extension UpdatesText.Recipe {
  init(momentum: Double, weightDecay: Double, of images: Normalization) {
    self.init(
      momentum: momentum, weightDecay: weightDecay, mean: images.mean.map(Double.init),
      deviation: images.deviation.map(Double.init))
  }
}
