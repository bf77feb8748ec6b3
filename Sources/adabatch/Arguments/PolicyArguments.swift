import ArgumentParser

/// How the batch size and the learning rate change.
struct PolicyArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who decides the batch size: adabatch (it grows) or fixed.", valueName: "name"))
  var policy = "adabatch"

  @Option(help: ArgumentHelp("Passes over the training images.", valueName: "n"))
  var epochs = 100

  @Option(
    help: ArgumentHelp(
      "Images in one weight update, over all ranks, at the start (default: 128).", valueName: "n"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "The same as the share of one rank: the update has as many times more as there are ranks.",
      valueName: "n"))
  var batchPerRank: Int?

  @Option(
    help: ArgumentHelp(
      "What each change multiplies the batch size by (default for adabatch: 2).", valueName: "x"))
  var growthFactor: Double?

  @Option(
    help: ArgumentHelp(
      "Epochs from one change to the next (default: a fifth of all epochs).", valueName: "n"))
  var growthInterval: Int?

  @Option(
    help: ArgumentHelp(
      "Epochs after which batch and rate change, instead of an interval: 60,120,160.",
      valueName: "n,n,…"))
  var milestones: EpochList?

  @Option(
    help: ArgumentHelp(
      "Epochs after which the rate changes, where not with the batch.", valueName: "n,n,…"))
  var rateMilestones: EpochList?

  @Option(
    help: ArgumentHelp(
      "Batch size that growth never passes (default: 16 × the initial one).", valueName: "n"))
  var maxBatch: Int?

  @Option(help: ArgumentHelp("Learning rate at the start.", valueName: "x"))
  var learningRate = 0.01

  @Option(
    help: ArgumentHelp(
      "What each change multiplies the rate by; 1 keeps it (default: adabatch 0.75, fixed 0.375).",
      valueName: "x"))
  var decay: Double?
}

/// A rate that climbs at the start.
struct WarmUpArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Epochs in which the rate climbs to rate × batch size / baseline batch.", valueName: "n"))
  var warmup: Int?

  @Option(
    help: ArgumentHelp("Batch size that the learning rate was chosen for.", valueName: "n"))
  var baselineBatch: Int?
}

/// Numbers of epochs with commas between them.
struct EpochList: ExpressibleByArgument {
  let epochs: [Int]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    epochs = words.compactMap { Int($0) }
    guard epochs.count == words.count else { return nil }
  }
}
