import AdaBatch

/// One way to choose the batch size, and what it came to.
struct Arm {
  let name: String
  let policy: any BatchPolicy
  private(set) var records: [EpochRecord] = []

  init(_ name: String, _ policy: any BatchPolicy) {
    self.name = name
    self.policy = policy
  }

  mutating func train(
    on data: Dataset, _ executor: OneDNNExecutor, _ options: TrainingOptions
  ) throws {
    let trainer = try Trainer(
      SmallNetwork(), data, policy: policy, executor: executor, options: options)
    print("\n\(name)")
    try trainer.train { record in
      records.append(record)
      print(
        "  epoch \(pad(record.epoch, 2))  batch \(pad(record.batchSize, 4))"
          + "  loss \(fixed(record.trainLoss, 3))  test \(fixed(record.testAccuracy, 2)) %"
          + "  \(pad(Int(record.imagesPerSecond), 6)) images/s")
    }
  }

  var bestAccuracy: Double { records.last?.bestAccuracy ?? 0 }
  var updates: Int { records.last?.updates ?? 0 }
  var seconds: Double { records.reduce(0) { $0 + $1.epochSeconds } }
  var imagesPerSecond: Double {
    // Every epoch shows the same images, so the mean rate is the harmonic one.
    Double(records.count) / records.reduce(0) { $0 + 1 / $1.imagesPerSecond }
  }
}
