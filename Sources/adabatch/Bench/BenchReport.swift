import AdaBatch
import Foundation

/// What `adabatch bench` found, for people and for programs.
struct BenchReport: Encodable {
  let adabatch = Version.number
  let oneDNN = OneDNNLibrary.version
  let instructionSet = OneDNNLibrary.instructionSet
  let machine = Machine.current
  let threads: Int
  let precision: Precision
  /// Processes that ran or waited for a core, the mean over the last minute, before the start.
  let loadAverage = loadAverageOfLastMinute()
  private(set) var results: [BenchResult] = []
  /// The most memory that the process has held so far.
  private(set) var peakResidentBytes = 0

  init(_ executor: OneDNNExecutor) {
    (threads, precision) = (executor.threads, executor.precision)
  }

  mutating func add(_ result: BenchResult) {
    results.append(result)
    peakResidentBytes = ProcessMemory.peakResidentBytes
  }

  func text() -> String {
    let head = """
      \(machine.cpu), \(instructionSet), \(threads) of \(machine.cores) cores, oneDNN \(oneDNN), \(precision), \
      load \(loadAverage.map { String(format: "%.2f", $0) } ?? "unknown"), \
      at most \(peakResidentBytes >> 20) MB resident
      milliseconds of a step, medians
      """
    let columns = [
      "network", "batch", "micro", "step", "±", "data", "forward", "backward", "update", "images/s",
      "evaluated/s", "compile", "1st touch", "MB",
    ]
    let table = textTable([columns] + results.map(\.cells))
    let details = results.flatMap(\.details)
    return ([head, table] + details).joined(separator: "\n")
  }
}

/// The figures of one network at one batch size; seconds are medians over steps.
struct BenchResult: Encodable {
  let network: String
  let batchSize: Int
  let microBatch: Int
  let steps: Int
  let stepSeconds: Double
  /// Half the distance between the quartiles.
  let stepSpread: Double
  let dataSeconds: Double
  let forwardSeconds: Double
  let backwardSeconds: Double
  let updateSeconds: Double
  let imagesPerSecond: Double
  let evaluationImagesPerSecond: Double
  let compileSeconds: Double
  let firstTouchSeconds: Double
  let programBytes: Int
  let profile: [ProfileRow]?
  /// Measured behind everything else.
  var limits: BenchLimits?
  let trace: [ProgramTrace]?

  init(
    _ network: String, _ benchmark: StepBenchmark, profile: [ProfileRow]?, trace: [ProgramTrace]?,
    evaluation: (seconds: [Double], images: Int)
  ) {
    func median(_ part: (StepTimes) -> Double) -> Double {
      quantile(benchmark.steps.map(part), 0.5)
    }
    let totals = benchmark.steps.map(\.total)
    self.network = network
    batchSize = benchmark.batchSize
    microBatch = benchmark.microBatch
    steps = benchmark.steps.count
    stepSeconds = median(\.total)
    stepSpread = (quantile(totals, 0.75) - quantile(totals, 0.25)) / 2
    dataSeconds = median(\.data)
    forwardSeconds = median(\.forward)
    backwardSeconds = median(\.backward)
    updateSeconds = median(\.update)
    imagesPerSecond = Double(batchSize) / stepSeconds
    evaluationImagesPerSecond = Double(evaluation.images) / quantile(evaluation.seconds, 0.5)
    compileSeconds = benchmark.compileSeconds
    firstTouchSeconds = benchmark.firstTouchSeconds
    programBytes = benchmark.program.memoryBytes
    self.profile = profile
    self.trace = trace
  }

  fileprivate var cells: [String] {
    func milliseconds(_ seconds: Double) -> String { String(format: "%.1f", 1000 * seconds) }
    return [
      network, "\(batchSize)", "\(microBatch)", milliseconds(stepSeconds),
      milliseconds(stepSpread), milliseconds(dataSeconds), milliseconds(forwardSeconds),
      milliseconds(backwardSeconds), milliseconds(updateSeconds),
      "\(Int(imagesPerSecond.rounded()))", "\(Int(evaluationImagesPerSecond.rounded()))",
      milliseconds(compileSeconds), milliseconds(firstTouchSeconds), "\(programBytes >> 20)",
    ]
  }

  fileprivate var details: [String] {
    let title = "\nprofile of \(network), \(microBatch) images together\n"
    let profiles = profile.map { [title + ProfileRow.table($0)] } ?? []
    let limits = limits.map { [$0.lines(network: network, images: microBatch)] } ?? []
    return profiles + limits + (trace ?? []).map { $0.lines(network: network) }
  }
}

/// The value below which a share of the values lies; a neighbour of it where there are few.
func quantile(_ values: [Double], _ share: Double) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return 0 }
  return sorted[Int((share * Double(sorted.count - 1)).rounded())]
}

private func loadAverageOfLastMinute() -> Double? {
  var average = 0.0
  return getloadavg(&average, 1) == 1 ? average : nil
}
