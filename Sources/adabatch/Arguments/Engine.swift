import AdaBatch

/// What a command computes with, as it was chosen: nothing is opened yet.
struct EngineChoice: Hashable {
  let device: DeviceName
  /// Devices that share each update.
  let devices: Int
  let threads: Int
  let precision: Precision

  /// As a run records it.
  var recordedDevices: Int? { device == .cpu || devices == 1 ? nil : devices }
}

/// What a command computes with.
struct Engine {
  let choice: EngineChoice
  let computing: Computing

  /// Opens what was chosen.
  ///
  /// - Throws: `ExecutorError` for what cannot be used.
  ///
  /// - Parameter client: of the devices, where they are open.
  init(_ choice: EngineChoice, _ devices: DeviceArguments, client: PJRTClient? = nil) throws {
    self.choice = choice
    computing =
      choice.device == .cpu
      ? .host(try OneDNNExecutor(threads: choice.threads, precision: choice.precision))
      : .accelerator(
        try devices.accelerator(choice, client ?? devices.open(choice.device)))
  }

  var threads: Int { choice.threads }
  var precision: Precision { choice.precision }

  /// Seconds without a checkpoint that are nothing to lose: an accelerator has many epochs in them.
  var secondsBetweenCheckpoints: Double { choice.device == .cpu ? 0 : 30 }

  /// What it is, for people: `oneDNN 3.2.0, AVX-512, bf16, 2 threads`.
  var line: String {
    switch computing {
    case .host:
      "oneDNN \(OneDNNLibrary.version), \(OneDNNLibrary.instructionSet), \(precision),"
        + " \(counted(threads, "thread"))"
    case .accelerator(let accelerator): "\(accelerator.name), \(precision)"
    }
  }

  /// As a run records it.
  var versions: ComponentVersions {
    switch computing {
    case .host(let executor):
      ComponentVersions(
        oneDNN: OneDNNLibrary.version, mpi: RankJob.ranks.communicator.library,
        executor: "\(executor.name), \(OneDNNLibrary.instructionSet)")
    case .accelerator(let accelerator):
      ComponentVersions(
        oneDNN: nil, mpi: RankJob.ranks.communicator.library, executor: accelerator.name)
    }
  }

  /// How the seconds of an update's parts are told apart, as a run records it; nil where each is
  /// measured.
  var timing: String? {
    choice.device == .cpu
      ? nil : "forward and backward are the shares that programs take which only pass"
  }

  /// The processor's programs.
  ///
  /// - Throws: ``TrainingError`` where an accelerator computes.
  func executor(for purpose: String) throws(TrainingError) -> any Executor<Float> {
    try Self.refuseAccelerator(choice, for: purpose)
    guard case .host(let executor) = computing else { preconditionFailure("no processor") }
    return executor
  }

  /// - Throws: ``TrainingError`` where an accelerator was chosen for what is about processors.
  static func refuseAccelerator(
    _ choice: EngineChoice, for purpose: String
  ) throws(TrainingError) {
    if choice.device == .cpu { return }
    throw DeviceArguments.refused(
      "\(purpose) is about the processor's memory, and --device is \(choice.device)",
      "leave one of them out")
  }
}
