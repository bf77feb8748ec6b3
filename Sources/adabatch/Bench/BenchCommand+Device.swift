import AdaBatch
import Foundation

// Updates on an accelerator: many in a call, whose parts are told by programs that pass alone.
extension BenchCommand {
  func measure(on choice: EngineChoice) throws {
    try refuseOptionsOfProcessors()
    for size in batchSize.isEmpty ? [128, 256] : batchSize {
      let group = microBatch ?? size / choice.devices
      guard size % choice.devices == 0, group > 0, size / choice.devices % group == 0 else {
        throw DeviceArguments.refused(
          "a batch of \(size) images on \(counted(choice.devices, "device")) is no whole number of"
            + " micro-batches of \(group)", "give a --batch-size that is a multiple of both")
      }
    }
    let engine = try Engine(choice, computing.devices)
    guard case .accelerator(let accelerator) = engine.computing else { return }
    // As many as CIFAR has: what a call makes is an epoch.
    let dataset = SyntheticImages.make(seed: 1, trainingCount: 50_000, testCount: 10_000)
    var results: [DeviceBenchResult] = []
    for name in network.isEmpty ? ["resnet20", "vgg19_bn", "alexnet"] : network {
      guard let layer = try NetworkCatalogue.network(named: name, classes: 10) else {
        throw NetworkCatalogue.unknown(name)
      }
      let classifier = ImageClassifier(layer, imageDimensions: [3, 32, 32], classes: 10)
      for size in batchSize.isEmpty ? [name == "alexnet" ? 256 : 128] : batchSize {
        let batch = DeviceBatch(images: size, group: microBatch ?? size / choice.devices)
        let benchmark = try CarriedBenchmark(classifier, dataset, on: accelerator, batch)
        try benchmark.measure(seconds: 2)
        results.append(
          DeviceBenchResult(name, benchmark, evaluation: try benchmark.measureEvaluation(5)))
      }
    }
    let report = DeviceBenchReport(executor: engine.line, results: results)
    if json { try Console.print(json: report) } else { Console.print(report.text) }
  }

  private func refuseOptionsOfProcessors() throws(TrainingError) {
    let given = [
      profile ? "--profile" : nil, limits ? "--limits" : nil, trace ? "--trace" : nil,
      steps.map { _ in "--steps" },
    ]
    guard let option = given.compactMap(\.self).first else { return }
    throw DeviceArguments.refused(
      "\(option) is about the steps of a processor's program, and an accelerator makes many updates in"
        + " one call", "leave \(option) out, or measure with --device cpu")
  }
}

/// What `adabatch bench --device` found.
private struct DeviceBenchReport: Encodable {
  let adabatch = Version.number
  let machine = Machine.current
  let executor: String
  let results: [DeviceBenchResult]

  var text: String {
    let head = "\(executor)\nmilliseconds of an update, medians over calls of an epoch each"
    let columns = [
      "network", "batch", "micro", "update", "forward", "backward", "updates", "images/s",
      "evaluated/s", "compile",
    ]
    return head + "\n" + textTable([columns] + results.map(\.cells))
  }
}

private struct DeviceBenchResult: Encodable {
  let network: String
  let batchSize, microBatch, updates: Int
  /// Of an update, and by programs that pass alone, of its passes.
  let updateSeconds, forwardSeconds, backwardSeconds: Double
  let imagesPerSecond, evaluationImagesPerSecond, compileSeconds: Double

  init(
    _ network: String, _ benchmark: CarriedBenchmark,
    evaluation: (seconds: [Double], images: Int)
  ) {
    self.network = network
    (batchSize, microBatch) = (benchmark.batch.images, benchmark.batch.group)
    updates = benchmark.updates
    updateSeconds = quantile(benchmark.updateSeconds, 0.5)
    let parts = benchmark.passSeconds.parts(of: updateSeconds, update: updateSeconds)
    (forwardSeconds, backwardSeconds) = (parts.forward, parts.backward)
    imagesPerSecond = Double(batchSize) / updateSeconds
    evaluationImagesPerSecond = Double(evaluation.images) / quantile(evaluation.seconds, 0.5)
    compileSeconds = benchmark.compileSeconds
  }

  var cells: [String] {
    func milliseconds(_ seconds: Double) -> String { String(format: "%.3f", 1000 * seconds) }
    return [
      network, "\(batchSize)", "\(microBatch)", milliseconds(updateSeconds),
      milliseconds(forwardSeconds), milliseconds(backwardSeconds), "\(updates)",
      "\(Int(imagesPerSecond.rounded()))",
      "\(Int(evaluationImagesPerSecond.rounded()))", String(format: "%.0f", 1000 * compileSeconds),
    ]
  }
}
