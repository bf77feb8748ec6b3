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
      "Numbers of activations and packed weights: f32, bf16, or auto (default: f32).",
      discussion: "auto is bf16 where the CPU has it. Weights, sums and updates are f32 always.",
      valueName: "name"))
  var precision: PrecisionChoice?

  /// Threads that an executor of these options has.
  func threads(unlessGiven count: Int?) throws(TrainingError) -> Int {
    if let threads { return try Checked.threads(threads) }
    return count ?? OneDNNExecutor.defaultThreads
  }

  /// - Parameters:
  ///   - count: threads where none are given, nil for the default.
  ///   - numbers: the precision where none is given.
  /// - Throws: `TrainingError` for a number that cannot be meant, `ExecutorError` when oneDNN
  ///   cannot be used, or the CPU lacks the precision.
  func makeExecutor(
    unlessGiven count: Int? = nil, _ numbers: Precision? = nil
  ) throws -> OneDNNExecutor {
    if precision == .auto, !OneDNNLibrary.hasNativeBF16 {
      Console.warn("--precision auto is f32 here: bf16 needs a CPU with AVX-512 bf16 or AMX")
    }
    return try OneDNNExecutor(
      threads: try threads(unlessGiven: count),
      precision: precision?.precision ?? numbers ?? .f32)
  }

  /// The same, with the cores of each host divided among its ranks unless something else is said.
  func makeExecutor(
    on ranks: Ranks, unlessGiven count: Int? = nil, _ numbers: Precision? = nil
  ) throws -> OneDNNExecutor {
    // Asked of all, whatever was said to this one: all ranks do the same.
    let share = ranks.count == 1 ? nil : try coresOfOneRank(ranks)
    let isGiven = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"] != nil
    return try ranks.together {
      try makeExecutor(unlessGiven: count ?? (isGiven ? nil : share), numbers)
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

/// A precision, or the best that the CPU has.
enum PrecisionChoice: String, ExpressibleByArgument, CaseIterable {
  case f32, bf16, auto

  /// Every rank of a job sees a CPU of its own, and all have to agree: `SameEverywhere` asks.
  var precision: Precision {
    switch self {
    case .f32: .f32
    case .bf16: .bf16
    case .auto: OneDNNLibrary.hasNativeBF16 ? .bf16 : .f32
    }
  }
}
