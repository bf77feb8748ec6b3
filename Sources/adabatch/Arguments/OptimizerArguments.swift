import AdaBatch
import ArgumentParser

/// How each update is made.
struct OptimizerArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Momentum of SGD.", valueName: "x"))
  var momentum = 0.9

  @Option(help: ArgumentHelp("Weight decay, on all parameters.", valueName: "x"))
  var weightDecay = 5e-4

  @Option(
    help: ArgumentHelp(
      "Images that pass forward and backward together: a number, batch for all of a rank's share, or"
        + " batch/3 for a third of the update (default: batch; for policies that compare gradients a"
        + " quarter of the initial batch).",
      valueName: "n|batch|batch/n"))
  var microBatch: MicroBatch?

  @Option(help: ArgumentHelp("Images that are evaluated together.", valueName: "n"))
  var testBatch = 200

  @Flag(
    inversion: .prefixedNo, exclusivity: .chooseLast,
    help: "Leave out the last batch of an epoch when it is not full, as the reference does.")
  var dropLast = false

  @Option(help: ArgumentHelp("Of initial weights, orders, crops and flips.", valueName: "n"))
  var seed: UInt64 = 1
}

typealias MicroBatch = TrainingSettings.MicroBatch

extension MicroBatch: ExpressibleByArgument {
  public init?(argument: String) { self.init(text: argument) }
}
