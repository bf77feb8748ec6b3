import AdaBatch

/// What the runs of an experiment use in turn: engines, images.
final class Workshop {
  private var engines: [EngineChoice: Engine] = [:]
  private var datasets: [String: Dataset] = [:]

  private let devices: DeviceArguments
  private var clients: [DeviceName: PJRTClient] = [:]

  /// - Parameter devices: how accelerators are opened.
  init(_ devices: DeviceArguments) { self.devices = devices }

  /// What settings name.
  func engine(for settings: TrainingSettings) throws -> Engine {
    try Checked.precision(settings.precision)
    let choice = EngineChoice(
      device: try Checked.device(settings.device), devices: settings.devices ?? 1,
      threads: settings.threads, precision: settings.knownPrecision ?? .f32)
    if let engine = engines[choice] { return engine }
    let engine = try Engine(choice, devices, client: client(for: choice.device))
    engines[choice] = engine
    return engine
  }

  /// The devices that are open: runs of every precision share them.
  private func client(for device: DeviceName) throws -> PJRTClient? {
    if device == .cpu { return nil }
    if let client = clients[device] { return client }
    let client = try devices.open(device)
    clients[device] = client
    return client
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
