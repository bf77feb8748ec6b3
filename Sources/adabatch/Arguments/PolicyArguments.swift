import ArgumentParser

/// How the batch size and the learning rate change.
struct PolicyArguments: ParsableArguments {
  @Option(help: "Who decides the batch size: adabatch (it grows) or fixed.")
  var policy = "adabatch"

  @Option(help: "Passes over the training images.")
  var epochs = 100

  @Option(help: "Images in one weight update, at the start.")
  var batchSize = 128

  @Option(help: "What each change multiplies the batch size by (default for adabatch: 2).")
  var growthFactor: Double?

  @Option(help: "Epochs from one change to the next (default: a fifth of all epochs).")
  var growthInterval: Int?

  @Option(help: "Batch size that growth never passes (default: 16 × the initial one).")
  var maxBatch: Int?

  @Option(help: "Learning rate at the start.")
  var learningRate = 0.01

  @Option(
    help: "What each change multiplies the rate by (default: adabatch 0.75, fixed 0.375).")
  var decay: Double?
}
