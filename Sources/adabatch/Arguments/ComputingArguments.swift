import AdaBatch
import ArgumentParser
import Foundation

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

  /// The same, with the cores of each host, or its accelerators, divided among its ranks unless
  /// something else is said.
  func makeEngine(on ranks: Ranks, like settings: TrainingSettings? = nil) throws -> Engine {
    // Asked of all, whatever was said to this one: all ranks do the same.
    let share = ranks.count == 1 ? nil : try coresOfOneRank(ranks)
    let isGiven = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"] != nil
    let count = settings?.threads ?? (isGiven ? nil : share)
    let choice = try ranks.together { try self.choice(threads: count, like: settings) }
    guard ranks.count > 1 else { return try makeEngine(threads: count, like: settings) }
    let others = try ranks.gather(choice.device.rawValue)
    if let rank = others.firstIndex(where: { $0 != others[0] }) {
      throw DeviceArguments.refused(
        "rank \(rank) is to compute on \(others[rank]), and rank 0 on \(others[0])",
        "give all ranks the same --device")
    }
    guard choice.device != .cpu else {
      return try ranks.together { try makeEngine(threads: count, like: settings) }
    }
    return try joinedEngine(choice, ranks)
  }

  /// Opens devices on each rank, and makes them known to all ranks.
  private func joinedEngine(_ choice: EngineChoice, _ ranks: Ranks) throws -> Engine {
    let plugin = try ranks.together { try devices.plugin(for: choice.device) }
    let visible = choice.device == .cuda ? try ownDevices(choice.devices, ranks) : nil
    let group = ClientGroup(own: ranks.own, count: ranks.count, ranks.communicator.openBoard())
    let engine = try ranks.together { () -> Engine? in
      do {
        let client = try devices.client(
          of: plugin, choice.device, visible: visible, joining: group)
        return try Engine(choice, devices, client: client)
      } catch {
        // Why, says the rank that failed first.
        if group.othersGaveUp { return nil }
        group.giveUp()
        throw error
      }
    }
    guard let engine else { preconditionFailure("a rank that gave up without an error") }
    return engine
  }

  /// Those of the GPUs that a rank sees which are its own: the ranks of a host that see the same
  /// divide them, and who was given others than they takes the first ones.
  private func ownDevices(_ count: Int, _ ranks: Ranks) throws -> Range<Int> {
    let variable = "CUDA_VISIBLE_DEVICES"
    let seen = try ranks.gather(ProcessInfo.processInfo.environment[variable] ?? "")
    let views = zip(ranks.communicator.hosts, seen).map { [$0, $1] }
    let place = views[..<ranks.own].count { $0 == views[ranks.own] }
    let own = place * count..<(place + 1) * count
    let visible = seen[ranks.own].split(separator: ",").count
    return try ranks.together {
      guard visible == 0 || own.upperBound <= visible else {
        throw DeviceArguments.refused(
          "\(variable) has \(counted(visible, "device")), and this is rank \(place + 1) of those that"
            + " take \(count) of them each",
          "start fewer ranks on a host, or give them more devices")
      }
      return own
    }
  }

  /// Cores that the rank with the fewest has for itself.
  ///
  /// Where a batch system has bound every rank to cores of its own, those are its share already.
  private func coresOfOneRank(_ ranks: Ranks) throws -> Int {
    let cores = AvailableCores()
    let own = (cores?.physical ?? [0]).sorted().map(String.init).joined(separator: ",")
    // What a control group gives, it gives to all ranks of the host together.
    let limits = try ranks.gather("\(cores?.quota ?? .infinity)").map { Double($0) ?? .infinity }
    let lists = try ranks.gather(own).map { $0.split(separator: ",") }
    let hosts = Dictionary(grouping: lists.indices) { ranks.communicator.hosts[$0] }
    let shares = hosts.values.map { ranks in
      let cores = Double(Set(ranks.flatMap { lists[$0] }).count)
      return Int(min(cores, ranks.map { limits[$0] }.min() ?? cores)) / ranks.count
    }
    return max(1, shares.min() ?? 1)
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
