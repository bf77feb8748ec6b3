import AdaBatch
import ArgumentParser
import Foundation

/// How many threads compute.
struct ThreadArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads of each rank (default: OMP_NUM_THREADS, else one for each core of its share).",
      valueName: "n")
  )
  var threads: Int?

  /// - Parameter count: threads where none are given, nil for the default.
  /// - Throws: `TrainingError` for a number that cannot be meant, `ExecutorError` when oneDNN
  ///   cannot be used.
  func makeExecutor(unlessGiven count: Int? = nil) throws -> OneDNNExecutor {
    try OneDNNExecutor(threads: try threads.map { try Checked.threads($0) } ?? count)
  }

  /// The same, with the cores of each host divided among its ranks unless something else is said.
  func makeExecutor(on ranks: Ranks, unlessGiven count: Int? = nil) throws -> OneDNNExecutor {
    // Asked of all, whatever was said to this one: all ranks do the same.
    let share = ranks.count == 1 ? nil : try coresOfOneRank(ranks)
    let isGiven = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"] != nil
    return try ranks.together { try makeExecutor(unlessGiven: count ?? (isGiven ? nil : share)) }
  }

  /// Cores that the rank with the fewest has for itself.
  ///
  /// Where a batch system has bound every rank to cores of its own, those are its share already.
  private func coresOfOneRank(_ ranks: Ranks) throws -> Int {
    let cores = AvailableCores()
    let allowed = (cores?.allowed ?? [0]).sorted().map(String.init).joined(separator: ",")
    // What a control group gives, it gives to all ranks of the host together.
    let limits = try ranks.gather("\(cores?.quota ?? .infinity)").map { Double($0) ?? .infinity }
    let lists = try ranks.gather(allowed).map { $0.split(separator: ",") }
    let hosts = Dictionary(grouping: lists.indices) { ranks.communicator.hosts[$0] }
    let shares = hosts.values.map { ranks in
      let cores = Double(Set(ranks.flatMap { lists[$0] }).count)
      return Int(min(cores, ranks.map { limits[$0] }.min() ?? cores)) / ranks.count
    }
    return max(1, shares.min() ?? 1)
  }
}
