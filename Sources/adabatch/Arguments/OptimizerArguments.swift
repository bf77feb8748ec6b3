import AdaBatch
import ArgumentParser

/// How each update is made.
struct OptimizerArguments: ParsableArguments {
  @Option(help: "Momentum of SGD.")
  var momentum = 0.9

  @Option(help: "Weight decay, on all parameters.")
  var weightDecay = 5e-4

  @Option(
    help: ArgumentHelp(
      "Images that pass forward and backward together: a number, or batch for all of an update.",
      valueName: "n|batch"))
  var microBatch = MicroBatch.batch

  @Option(help: "Images that are evaluated together.")
  var testBatch = 200

  @Flag(help: "Leave out the last batch of an epoch when it is not full, as the reference does.")
  var dropLast = false

  @Option(help: "Of initial weights, orders, crops and flips.")
  var seed: UInt64 = 1
}

typealias MicroBatch = TrainingSettings.MicroBatch

extension MicroBatch: ExpressibleByArgument {
  public init?(argument: String) {
    if argument == "batch" {
      self = .batch
    } else if let count = Int(argument) {
      self = .images(count)
    } else {
      return nil
    }
  }

  public var defaultValueDescription: String {
    switch self {
    case .batch: "batch"
    case .images(let count): String(count)
    }
  }
}
