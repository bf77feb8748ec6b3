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
      "Images that pass forward and backward together: a number, batch for all of a rank's share,"
        + " batch/3 for a third of the update, or auto for what fits into --memory-budget (default:"
        + " batch; for policies that compare gradients a quarter of the initial batch).",
      discussion: "auto is batch where that fits; else a rank's share of the smallest batch, or the"
        + " first half of it, quarter, ... that does. The choice is recorded, and gone on with.",
      valueName: "n|batch|batch/n|auto"))
  var microBatch: MicroBatchChoice?

  @Option(
    help: ArgumentHelp(
      "Memory that each rank's training may plan with: 2GB, 512MiB (default for --micro-batch auto:"
        + " three quarters of what is free). More is refused.",
      valueName: "bytes"))
  var memoryBudget: ByteCount?

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

/// A micro-batch, or what memory leaves of it.
enum MicroBatchChoice: ExpressibleByArgument, Equatable {
  case given(MicroBatch)
  case auto

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let size = MicroBatch(text: argument) {
      self = .given(size)
    } else {
      return nil
    }
  }

  /// nil where memory decides.
  var given: MicroBatch? {
    switch self {
    case .given(let size): size
    case .auto: nil
    }
  }
}

/// Bytes, as people write them.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    guard let bytes = Quantity.bytes(argument).flatMap(Int.init(exactly:)), bytes > 0 else {
      return nil
    }
    self.bytes = bytes
  }
}
