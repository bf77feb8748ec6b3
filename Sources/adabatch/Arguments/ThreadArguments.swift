import AdaBatch
import ArgumentParser

/// How many threads compute.
struct ThreadArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads to compute with (default: OMP_NUM_THREADS, else one for each core).", valueName: "n")
  )
  var threads: Int?

  /// - Parameter count: threads where none are given, nil for the default.
  /// - Throws: `TrainingError` for a number that cannot be meant, `ExecutorError` when oneDNN
  ///   cannot be used.
  func makeExecutor(unlessGiven count: Int? = nil) throws -> OneDNNExecutor {
    if let threads, !(1...1024).contains(threads) {
      throw TrainingError(
        .impossibleSetting, problem: "--threads is \(threads), but needs to be 1 to 1024",
        fix: "leave it out for one thread on each core")
    }
    return try OneDNNExecutor(threads: threads ?? count)
  }
}
