import AdaBatch

/// What the runs of an experiment use in turn: executors, images.
final class Workshop {
  private var executors: [Int: OneDNNExecutor] = [:]
  private var datasets: [String: Dataset] = [:]

  /// Of so many threads.
  func executor(threads: Int) throws -> OneDNNExecutor {
    if let executor = executors[threads] { return executor }
    let executor = try OneDNNExecutor(threads: threads)
    executors[threads] = executor
    return executor
  }

  /// The images that settings name.
  func dataset(of settings: TrainingSettings) throws -> Dataset {
    let key = "\(settings.dataset) \(settings.classes) \(settings.data ?? "")"
    if let dataset = datasets[key] { return dataset }
    let dataset = try settings.makeDataset()
    datasets[key] = dataset
    return dataset
  }
}
