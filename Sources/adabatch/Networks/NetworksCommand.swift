import AdaBatch
import ArgumentParser
import Foundation

struct NetworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks",
    abstract: "List the networks, or show what one consists of and what it costs.",
    discussion: """
      EXAMPLE
        adabatch networks resnet20 --classes 100 --batch-size 128 --batch-size 2048

      Floating-point operations are those of one image in convolutions and dense layers, a \
      multiplication and an addition counted as two. Memory is what programs compiled for so many \
      images work in; with --micro-batch it is that of a micro-batch, whatever the batch size.

      --stablehlo prints the program that an accelerator would train the network with instead: the \
      updates of one batch size on CIFAR's images, in a loop. Documentation/Accelerators.md reads it.
      """)

  @Argument(help: "Network to show.")
  var name: String?

  @Option(help: "Classes that it tells apart.")
  var classes = 10

  @Option(
    name: .customLong("batch-size"),
    help: ArgumentHelp(
      "Images that pass together, to show the memory for; may be repeated (default: 128 and 2048).",
      valueName: "n"))
  var batchSizes: [Int] = []

  @OptionGroup var stableHLO: StableHLOArguments

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() throws {
    guard 2...1_000_000 ~= classes else {
      throw TrainingError(
        .impossibleSetting, problem: "--classes is \(classes), but needs to be 2 to 1000000",
        fix: "give the number of classes of your data")
    }
    try checkBatchSizes()
    if let name = try stableHLO.network(of: name, json: json) {
      Console.print(try stableHLO.text(of: classifier(name), name, batchSizes))
    } else if let name {
      try show(name)
    } else {
      try list()
    }
  }

  private func checkBatchSizes() throws(TrainingError) {
    if name == nil, !batchSizes.isEmpty {
      throw TrainingError(
        .impossibleSetting, problem: "--batch-size shows one network's memory, and none is named",
        fix: "name one: adabatch networks resnet20 --batch-size \(batchSizes[0])")
    }
    for size in batchSizes where !(1...1_000_000 ~= size) {
      throw TrainingError(
        .impossibleSetting, problem: "--batch-size is \(size), but needs to be 1 to 1000000",
        fix: "the usual start is 128")
    }
  }

  private func list() throws {
    let counts = try NetworkCatalogue.names.map { name in
      NetworkCost.Count(
        network: name, parameters: try classifier(name).trainingGraph().parameterCount)
    }
    if json { return try Console.print(json: counts) }
    Console.print("network      parameters, \(classes) classes, 3 × 32 × 32 images")
    for count in counts {
      Console.print(
        count.network.padding(toLength: 13, withPad: " ", startingAt: 0)
          + padded(grouped(count.parameters), 10))
    }
    Console.print("also resnet of every other depth 6n + 2, bottlenecks from 44 on")
  }

  private func show(_ name: String) throws {
    let cost = try NetworkCost(
      name, try classifier(name), batchSizes: batchSizes.isEmpty ? [128, 2048] : batchSizes,
      OneDNNLibrary.executor())
    if json { try Console.print(json: cost) } else { cost.lines.forEach(Console.print) }
  }

  private func classifier(_ name: String) throws -> ImageClassifier {
    guard let network = try NetworkCatalogue.network(named: name, classes: classes) else {
      throw NetworkCatalogue.unknown(name)
    }
    return ImageClassifier(network, imageDimensions: [3, 32, 32], classes: classes)
  }
}
