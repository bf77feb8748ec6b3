import AdaBatch
import Foundation

/// What `adabatch train` prints: what it trains, what the policy will do, a line for each epoch.
struct TrainReport {
  private let trainer: Trainer
  private let settings: TrainingSettings
  private let executor: OneDNNExecutor
  private let directory: RunDirectory
  private let quiet: Bool

  init(
    _ trainer: Trainer, _ settings: TrainingSettings, _ executor: OneDNNExecutor,
    _ directory: RunDirectory, quiet: Bool
  ) {
    self.trainer = trainer
    self.settings = settings
    self.executor = executor
    self.directory = directory
    self.quiet = quiet
  }

  func start(_ past: PastRun?) {
    let data = trainer.dataset
    print(
      """
      \(settings.network), \(grouped(trainer.learner.weights.parameters.count)) parameters, on \
      \(data.name): \(grouped(data.training.imageCount)) images to train on, \
      \(grouped(data.test.imageCount)) to test with (\(data.source))
      oneDNN \(OneDNNLibrary.version), \(OneDNNLibrary.instructionSet), \
      \(executor.threads) \(executor.threads == 1 ? "thread" : "threads"), seed \(settings.seed)
      \(trainer.plan.table(initialRate: settings.learningRate))
      """)
    if !quiet { Console.warnOfLoad(threads: executor.threads) }
    if let past { resumed(past) }
  }

  /// Says what a run goes on from, and why not from something newer.
  private func resumed(_ past: PastRun) {
    for damage in past.damages {
      Console.warn("\(damage.reason): \(damage.path); an older checkpoint is used")
    }
    guard let checkpoint = past.checkpoint else {
      return print("no checkpoint was written yet: the run starts at its beginning")
    }
    let (manifest, state) = (checkpoint.manifest, checkpoint.manifest.state)
    print(
      "goes on from checkpoint \(checkpoint.number): epoch \(state.epochsDone + 1) after"
        + " \(grouped(state.imagesIntoEpoch)) images, update \(grouped(state.updates)), batch"
        + " \(manifest.batchSize), rate \(String(format: "%.3g", manifest.learningRate))")
  }

  func update(_ report: UpdateReport) {}

  func epoch(_ record: EpochRecord) {
    let width = String(settings.epochs).count
    print(
      "epoch \(padded(String(record.epoch), width))/\(settings.epochs)"
        + "  batch \(padded(String(record.batchSize), 4))"
        + "  rate \(String(format: "%.3g", record.learningRate))"
        + "  loss \(String(format: "%.4f", record.trainLoss))"
        + "  train \(percent(record.trainAccuracy))  test \(percent(record.testAccuracy))"
        + "  best \(percent(record.bestAccuracy))"
        + "  \(Int(record.imagesPerSecond.rounded())) images/s"
        + "  \(String(format: "%.1f", record.epochSeconds)) s")
  }

  /// Says why an epoch was slow, if the machine's load tells; returns whether it did.
  func slow(_ record: EpochRecord) -> Bool {
    !quiet
      && Console.warnOfLoad(threads: executor.threads, after: "epoch \(record.epoch) was slow: ")
  }

  func finish() { print("the run is in \(directory.path)") }

  private func print(_ text: String) {
    if !quiet { Console.printProgress(text) }
  }

  private func percent(_ value: Double) -> String {
    padded(String(format: "%.2f", value), 5) + " %"
  }
}

/// `text` with spaces before it, at least `width` characters.
func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
