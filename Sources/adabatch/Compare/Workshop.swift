import AdaBatch

/// What the runs of an experiment use in turn: engines, images.
final class Workshop {
  private var engines: [EngineChoice: Engine] = [:]
  private var datasets: [String: Dataset] = [:]

  private let devices: DeviceArguments

  /// - Parameter devices: how accelerators are opened.
  init(_ devices: DeviceArguments) { self.devices = devices }

  /// What settings name.
  func engine(for settings: TrainingSettings) throws -> Engine {
    try Checked.precision(settings.precision)
    let choice = EngineChoice(
      device: try Checked.device(settings.device), devices: settings.devices ?? 1,
      threads: settings.threads, precision: settings.knownPrecision ?? .f32)
    if let engine = engines[choice] { return engine }
    let engine = try Engine(choice, devices)
    engines[choice] = engine
    return engine
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
