import AdaBatch

/// What the runs of an experiment use in turn: executors, images.
final class Workshop {
  private var executors: [String: OneDNNExecutor] = [:]
  private var datasets: [String: Dataset] = [:]

  /// With the threads and the precision of settings.
  func executor(for settings: TrainingSettings) throws -> OneDNNExecutor {
    try Checked.precision(settings.precision)
    let precision = settings.knownPrecision ?? .f32
    let key = "\(settings.threads) \(precision)"
    if let executor = executors[key] { return executor }
    let executor = try OneDNNExecutor(threads: settings.threads, precision: precision)
    executors[key] = executor
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
