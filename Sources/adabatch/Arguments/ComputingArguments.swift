import AdaBatch
import ArgumentParser

/// What computes: how many threads, and with which numbers.
struct ComputingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads of each rank (default: OMP_NUM_THREADS, else one for each physical core of its"
        + " share).",
      valueName: "n")
  )
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Numbers of activations and packed weights: f32, tf32, bf16, or auto (default: f32).",
      discussion:
        "auto is bf16 where the device has it, tf32 is for GPUs. Weights, sums and updates are"
        + " f32 always.",
      valueName: "name"))
  var precision: PrecisionChoice?

  @OptionGroup var devices: DeviceArguments

  /// Threads that an executor of these options has.
  func threads(unlessGiven count: Int?) throws(TrainingError) -> Int {
    if let threads { return try Checked.threads(threads) }
    return count ?? OneDNNExecutor.defaultThreads
  }

  /// What computes, with nothing opened yet.
  ///
  /// - Parameters:
  ///   - count: threads where none are given, nil for the default.
  ///   - settings: of a run, for what is not given here.
  /// - Throws: `TrainingError` for a number that cannot be meant.
  func choice(
    threads count: Int? = nil, like settings: TrainingSettings? = nil
  ) throws(TrainingError) -> EngineChoice {
    let device = devices.device ?? settings?.device.flatMap(DeviceName.init) ?? .cpu
    try devices.check(on: device)
    // A run's numbers are no choice for another device.
    let past = settings?.device == device.recorded ? settings : nil
    return EngineChoice(
      device: device, devices: devices.devices ?? past?.devices ?? 1,
      // An accelerator's bits do not depend on them.
      threads: device == .cpu
        ? try threads(unlessGiven: count ?? settings?.threads) : try Checked.threads(threads ?? 1),
      precision: precision?.precision(on: device) ?? past?.knownPrecision ?? .f32)
  }

  /// - Throws: what ``choice(threads:like:)`` does, `ExecutorError` when oneDNN or the device cannot be
  ///   used, or lacks the precision.
  func makeEngine(
    threads count: Int? = nil, like settings: TrainingSettings? = nil
  ) throws -> Engine {
    let choice = try choice(threads: count, like: settings)
    warnOfPrecision(of: choice)
    return try Engine(choice, devices)
  }

  /// Says where `auto` is not what was hoped for.
  func warnOfPrecision(of choice: EngineChoice) {
    guard precision == .auto, choice.device == .cpu, choice.precision == .f32 else { return }
    Console.warn("--precision auto is f32 here: bf16 needs a CPU with AVX-512 bf16 or AMX")
  }
}

/// A precision, or the best that the device has.
enum PrecisionChoice: String, ExpressibleByArgument, CaseIterable {
  case f32, tf32, bf16, auto

  /// Every rank of a job sees a CPU of its own, and all have to agree: `SameEverywhere` asks.
  func precision(on device: DeviceName) -> Precision {
    switch self {
    case .f32: .f32
    case .tf32: .tf32
    case .bf16: .bf16
    case .auto: device != .cpu || OneDNNLibrary.hasNativeBF16 ? .bf16 : .f32
    }
  }
}
