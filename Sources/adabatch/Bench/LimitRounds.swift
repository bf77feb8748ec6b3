import AdaBatch

/// Rounds in which a step, its kernels alone and the machine's limits take turns.
///
/// A shared machine is at times half as fast for a minute. Measured one behind the other, kernels
/// alone can take longer than the step that contains them; what is compared is measured in turn.
struct LimitRounds {
  private(set) var machine: MachineLimits
  /// One of each round.
  private(set) var steps: [StepTimes] = []
  /// Of an update, one of each round.
  private(set) var kernelSeconds: [Double] = []
  /// Seconds of each of the program's steps in an update, the fastest of the rounds.
  private(set) var fastestParts: [Double] = []

  init(
    _ program: any ProfiledProgram<Float>, _ benchmark: StepBenchmark, _ executor: OneDNNExecutor
  ) throws {
    machine = try executor.measureLimits()
    for _ in 0..<4 {
      for _ in 0..<benchmark.stepsIn(seconds: 1) { try add(program, benchmark) }
      machine = machine.best(with: try executor.measureLimits())
    }
  }

  private mutating func add(
    _ program: any ProfiledProgram<Float>, _ benchmark: StepBenchmark
  ) throws {
    program.startProfile()
    try benchmark.measure(steps: 1)
    steps += benchmark.steps.suffix(1)
    let parts = program.stepSeconds
    fastestParts = fastestParts.isEmpty ? parts : zip(fastestParts, parts).map(min)
    let kernels = try program.kernelSeconds()
    let passes = benchmark.batchSize / benchmark.microBatch
    kernelSeconds.append(kernels.packing + Double(passes) * kernels.passes)
  }
}
