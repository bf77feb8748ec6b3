import ArgumentParser

/// How the batch size and the learning rate change.
struct PolicyArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who decides the batch size: adabatch (it grows) or fixed.", valueName: "name"))
  var policy = "adabatch"

  @Option(help: ArgumentHelp("Passes over the training images.", valueName: "n"))
  var epochs = 100

  @Option(help: ArgumentHelp("Images in one weight update, at the start.", valueName: "n"))
  var batchSize = 128

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
      "Batch size that growth never passes (default: 16 × the initial one).", valueName: "n"))
  var maxBatch: Int?

  @Option(help: ArgumentHelp("Learning rate at the start.", valueName: "x"))
  var learningRate = 0.01

  @Option(
    help: ArgumentHelp(
      "What each change multiplies the rate by (default: adabatch 0.75, fixed 0.375).",
      valueName: "x"))
  var decay: Double?
}
