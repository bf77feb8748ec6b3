import AdaBatch

let trainer = try Trainer(
  ResNet(blocksPerStage: 1, bottleneck: false),
  SyntheticImages.make(seed: 1, trainingCount: 2000, testCount: 500),
  policy: AdaBatchGrowth(initialBatchSize: 50, interval: 2, maximumBatchSize: 400),
  executor: OneDNNExecutor(),
  options: TrainingOptions(epochs: 6, learningRate: 0.05))

print(trainer.plan)
try trainer.train { epoch in
  print("batch \(epoch.batchSize): \(epoch.testAccuracy) % right after \(epoch.updates) updates")
}
