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
    try OneDNNExecutor(threads: try threads.map { try Checked.threads($0) } ?? count)
  }
}
