import AdaBatch

/// A batch that grows in a straight line with the images seen, and the rate with its square root.
///
/// The line is Megatron-LM's `--rampup-batch-size`.
struct LinearRamp: BatchPolicy {
  var start: Int
  var step: Int
  var end: Int
  /// Images seen until the batch has grown to `end`.
  var images: Int

  func decision(for signals: Signals) -> BatchDecision {
    let seen = signals.epoch * signals.imageCount
    let steps = (end - start) / step
    let taken = min(steps, steps * seen / images)
    let size = start + taken * step
    return BatchDecision(
      batchSize: size, learningRateFactor: (Double(size) / Double(start)).squareRoot(),
      reason: "\(seen) images seen: \(taken) of \(steps) steps")
  }
}

let trainer = try Trainer(
  ResNet(blocksPerStage: 1, bottleneck: false),
  SyntheticImages.make(seed: 1, trainingCount: 2000, testCount: 500),
  policy: LinearRamp(start: 50, step: 50, end: 200, images: 6000),
  executor: OneDNNExecutor(),
  options: TrainingOptions(epochs: 5, learningRate: 0.05))

print(trainer.plan)
try trainer.train(
  onEpoch: { print("batch \($0.batchSize): \($0.testAccuracy) % right") },
  onDecision: { print($0.reason) })
