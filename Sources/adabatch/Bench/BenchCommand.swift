import AdaBatch
import ArgumentParser
import Foundation

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure training steps: seconds of each part, images per second.",
    discussion: """
      EXAMPLE
        adabatch bench --network resnet20 --batch-size 128 --batch-size 2048

      A step is one weight update as train makes it, on images made for the purpose. Figures are \
      medians; compare only figures of one invocation, on a machine that does nothing else.
      """)

  @Option(
    help: ArgumentHelp(
      "Network to measure; may be repeated (default: resnet20, vgg19_bn, alexnet).",
      valueName: "name"))
  var network: [String] = []

  @Option(
    help: ArgumentHelp(
      "Images in one update; may be repeated (default: 128, alexnet 256).", valueName: "n"))
  var batchSize: [Int] = []

  @Option(help: ArgumentHelp("Images that pass together (default: the batch).", valueName: "n"))
  var microBatch: Int?

  @Option(
    help: ArgumentHelp("Images that are evaluated together, as in train.", valueName: "n"))
  var testBatch = 200

  @Option(
    help: ArgumentHelp(
      "Steps to measure (default: as many as fit in 5 seconds, 5 or more).", valueName: "n"))
  var steps: Int?

  @OptionGroup var computing: ComputingArguments

  @Flag(help: "Add the seconds, GFLOP/s and kernel of each layer and direction.")
  var profile = false

  @Flag(help: "Add how near a step is to what the machine and oneDNN's kernels allow.")
  var limits = false

  @Flag(help: "Add the programs that ran: images, memory, and what each does, step by step.")
  var trace = false

  @Flag(
    help: "Measure what is between ranks instead (mpirun -n 2 …), as adabatch plan takes it.")
  var link = false

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  private func check() throws(TrainingError) {
    for size in batchSize { try Checked.range("--batch-size", size, 1...1_000_000) }
    if let microBatch {
      try Checked.range("--micro-batch", microBatch, 1...(batchSize.min() ?? 128))
    }
    if limits, let microBatch, let size = batchSize.first(where: { $0 % microBatch != 0 }) {
      throw TrainingError(
        .impossibleSetting,
        problem: "--limits is about one program, and a batch of \(size) in micro-batches of"
          + " \(microBatch) is two",
        fix: "use a --micro-batch that divides the --batch-size, or leave --limits out")
    }
    // So many images are made, before anything is known of memory.
    try Checked.range("--test-batch", testBatch, 1...10_000)
    if let steps { try Checked.range("--steps", steps, 1...1_000_000) }
  }

  mutating func run() throws {
    if link { return try measureLink() }
    try check()
    let choice = try computing.choice()
    if choice.device != .cpu { return try measure(on: choice) }
    computing.warnOfPrecision(of: choice)
    let executor = try OneDNNExecutor(threads: choice.threads, precision: choice.precision)
    Console.warnOfLoad(threads: executor.threads)
    // No more images than pass together: they are in memory, too, and may be there twice in a step.
    let count = microBatch ?? batchSize.max() ?? 256
    let dataset = SyntheticImages.make(seed: 1, trainingCount: count, testCount: testBatch)
    var report = BenchReport(executor)
    for name in network.isEmpty ? ["resnet20", "vgg19_bn", "alexnet"] : network {
      try measure(name, dataset, executor, &report)
    }
    if json { try Console.print(json: report) } else { Console.print(report.text()) }
  }

  private func measure(
    _ name: String, _ dataset: Dataset, _ executor: OneDNNExecutor, _ report: inout BenchReport
  ) throws {
    let classes = dataset.classNames.count
    guard let network = try NetworkCatalogue.network(named: name, classes: classes) else {
      throw NetworkCatalogue.unknown(name)
    }
    let classifier = ImageClassifier(network, imageDimensions: [3, 32, 32], classes: classes)
    let learner = try StepBenchmark.makeLearner(classifier, executor)
    for size in batchSize.isEmpty ? [name == "alexnet" ? 256 : 128] : batchSize {
      let benchmark = try StepBenchmark(
        classifier, dataset, learner: learner, executor: executor, batchSize: size,
        microBatch: microBatch, testBatch: testBatch)
      report.add(try measure(name, benchmark, executor))
    }
  }

  private func measure(
    _ name: String, _ benchmark: StepBenchmark, _ executor: OneDNNExecutor
  ) throws -> BenchResult {
    try benchmark.warmUp(steps: 4)
    let program = benchmark.program as? any ProfiledProgram<Float>
    if profile { program?.startProfile() }
    try benchmark.measure(steps: steps ?? benchmark.stepsIn(seconds: 5))
    let rows = profile ? program.map { ProfileRow.rows($0, runs: benchmark.passes) } : nil
    let evaluation = try benchmark.measureEvaluation(batches: 9)
    var result = BenchResult(
      name, benchmark, profile: rows, trace: trace ? ProgramTrace.all(benchmark) : nil,
      evaluation: evaluation)
    if limits, let program {
      // After the steps that are reported, which nothing is to disturb.
      result.limits = BenchLimits(
        try LimitRounds(program, benchmark, executor), program,
        passes: benchmark.batchSize / benchmark.microBatch)
    }
    return result
  }
}
