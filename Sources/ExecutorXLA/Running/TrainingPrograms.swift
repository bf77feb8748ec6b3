import Dispatch
import Executors
import NetworkGraph
import Synchronization

/// The programs of a training on devices: one for each batch size, with those that time its passes,
/// and the evaluation.
final class TrainingPrograms {
  struct Updates {
    let executable: PJRTExecutable
    /// Updates that one call has room for.
    let updates: Int
    /// Numbers that it adds up.
    let totals: Int
    fileprivate let sizes: UpdatesText.Sizes
  }

  /// An update's passes alone: forward, and both.
  struct Timing {
    let forward, both: PJRTExecutable
  }

  struct Evaluation {
    let executable: PJRTExecutable
    let rows, classes: Int
  }

  private let training: CarriedTraining
  private let accelerator: XLAAccelerator
  private var byBatch: [DeviceBatch: Updates] = [:]
  private var timings: [DeviceBatch: Timing] = [:]
  private var ofTest: Evaluation?
  private var ofCopy: PJRTExecutable?

  init(_ training: CarriedTraining, _ accelerator: XLAAccelerator) {
    (self.training, self.accelerator) = (training, accelerator)
  }

  /// The program for a batch size, compiled the first time.
  func updates(_ batch: DeviceBatch) throws -> Updates {
    if byBatch[batch] == nil { try compile([batch]) }
    guard let found = byBatch[batch] else { preconditionFailure("no program for \(batch)") }
    return found
  }

  func timing(_ batch: DeviceBatch) throws -> Timing {
    if timings[batch] == nil { try compile([batch]) }
    guard let found = timings[batch] else { preconditionFailure("no timing of \(batch)") }
    return found
  }

  func evaluation() throws -> Evaluation {
    if ofTest == nil { try compile([]) }
    guard let ofTest else { preconditionFailure("no program for the evaluation") }
    return ofTest
  }

  /// Gives parameters and statistics in memory of their own.
  func copy() throws -> PJRTExecutable {
    if let ofCopy { return ofCopy }
    let text = CopyText([
      training.trainingGraph.parameterCount, training.trainingGraph.statisticCount,
    ])
    let program = try accelerator.executable(text.text)
    ofCopy = program
    return program
  }

  /// Compiles what is not there yet, several programs at the same time: a compiler uses one core.
  func compile(_ batches: [DeviceBatch]) throws {
    // The largest first: it is the one to be told of, where there is too little memory.
    let missing = Set(batches).filter { byBatch[$0] == nil }.sorted { $0.images > $1.images }
    let (training, accelerator) = (training, accelerator)
    var jobs = missing.map { batch in
      { @Sendable () throws -> Compiled in
        .updates(batch, try Self.compileUpdates(training, accelerator, batch))
      }
    }
    if ofTest == nil {
      jobs.append { .evaluation(try Self.compileEvaluation(training, accelerator)) }
    }
    for result in atTheSameTime(jobs) {
      switch try result.get() {
      case .updates(let batch, let program): byBatch[batch] = program
      case .evaluation(let program): ofTest = program
      }
    }
    try compileTimings(missing)
  }

  private func compileTimings(_ batches: [DeviceBatch]) throws {
    let (training, accelerator) = (training, accelerator)
    let sizes = try batches.map { try updates($0).sizes }
    let jobs = sizes.flatMap { sizes in
      [TimingText.Extent.forward, .forwardAndBackward].map { extent in
        { @Sendable () throws -> PJRTExecutable in
          try Self.compileTiming(extent, training, accelerator, sizes)
        }
      }
    }
    let programs = try atTheSameTime(jobs).map { try $0.get() }
    for (index, batch) in batches.enumerated() {
      timings[batch] = Timing(forward: programs[2 * index], both: programs[2 * index + 1])
    }
  }

  private enum Compiled: Sendable {
    case updates(DeviceBatch, Updates)
    case evaluation(Evaluation)
  }

  /// With as few passes as the device has the memory for.
  private static func compileUpdates(
    _ training: CarriedTraining, _ accelerator: XLAAccelerator, _ batch: DeviceBatch
  ) throws -> Updates {
    let dataset = training.training.labels.count
    var sizes = UpdatesText.Sizes(
      dataset: dataset, batch: batch.images / accelerator.replicas, group: batch.group,
      updates: max(1, dataset / batch.images), replicas: accelerator.replicas,
      measuresGradients: batch.comparesGradients)
    for passes in accelerator.passes(of: sizes) {
      sizes.passes = passes
      let text = UpdatesText(
        training.trainingGraph, outputs: training.outputs, sizes, UpdatesText.Recipe(training),
        precision: accelerator.precision, named: "updates_of_\(batch.images)")
      let executable = try accelerator.executable(text.text, on: .everyProcess)
      if try accelerator.fits(executable, text.text, beside: training.bytesBesideUpdates) {
        return Updates(
          executable: executable, updates: sizes.updates, totals: sizes.totals, sizes: sizes)
      }
      if passes == accelerator.passes(of: sizes).last {
        throw accelerator.tooLarge(executable, sizes, beside: training.bytesBesideUpdates)
      }
    }
    preconditionFailure("an update without passes")
  }

  private static func compileTiming(
    _ extent: TimingText.Extent, _ training: CarriedTraining, _ accelerator: XLAAccelerator,
    _ sizes: UpdatesText.Sizes
  ) throws -> PJRTExecutable {
    // By itself: how often processes would have to pass together they cannot agree upon here.
    var sizes = sizes
    sizes.replicas = accelerator.deviceCount
    let text = TimingText(
      extent, of: training.trainingGraph, outputs: training.outputs, sizes,
      UpdatesText.Recipe(training), precision: accelerator.precision, named: "timing_\(extent)")
    return try accelerator.executable(text.text, on: .thisProcess)
  }

  private static func compileEvaluation(
    _ training: CarriedTraining, _ accelerator: XLAAccelerator
  ) throws -> Evaluation {
    let dataset = training.test.labels.count
    let text = EvaluationText(
      training.evaluationGraph, outputs: training.outputs, dataset: dataset,
      batch: min(dataset, 1000), UpdatesText.Recipe(training), precision: accelerator.precision,
      named: "evaluation")
    return Evaluation(
      executable: try accelerator.executable(text.text), rows: text.rowCount,
      classes: text.classCount)
  }
}

extension XLAAccelerator {
  /// A program, from the cache where that has it.
  fileprivate func executable(
    _ text: String, on team: Team = .oneDevice
  ) throws -> PJRTExecutable {
    var options = options(team)
    options.flags = usualFlags.merging(flags) { $1 }
    return try team == .everyProcess
      ? sharedExecutable(text, options) : executable(text, options)
  }

  /// XLA's flags for NVIDIA's devices, found to help; other plugins keep their own.
  ///
  /// Graphs: a loop's kernels are started as one CUDA graph, and not one by one. Repeatable: no
  /// sums in the order in which threads come by.
  private var usualFlags: [String: CompileOptions.Flag] {
    guard client.platform == "cuda" else { return [:] }
    var flags: [String: CompileOptions.Flag] = [
      "xla_gpu_enable_command_buffer": .text(
        "FUSION,CUBLAS,CUBLASLT,CUDNN,CUSTOM_CALL,CONVOLUTION,DYNAMIC_SLICE_FUSION,WHILE"),
      "xla_gpu_graph_min_graph_size": .whole(1),
      "xla_gpu_exclude_nondeterministic_ops": .isOn(true),
      "xla_gpu_enable_triton_gemm": .isOn(false),
    ]
    // One process compiles for all, and others do not help it to measure kernels.
    if client.group != nil { flags["xla_gpu_shard_autotuning"] = .isOn(false) }
    return flags
  }

  /// In how many parts an update's images may pass, the fewest first.
  fileprivate func passes(of sizes: UpdatesText.Sizes) -> [Int] {
    let groups = sizes.batch / sizes.group
    if sizes.measuresGradients { return [groups] }
    return (1...groups).filter { groups.isMultiple(of: $0) }
  }

  /// Whether every device has the memory for a program: all are to make as many passes.
  ///
  /// - Parameter bytes: what else lies on the device meanwhile.
  fileprivate func fits(
    _ executable: PJRTExecutable, _ text: String, beside bytes: Int
  ) throws(ExecutorError) -> Bool {
    let own = client.leastMemory.map { executable.memoryBytes + bytes <= $0 } ?? true
    guard let group = client.group else { return own }
    return try group.agreed(own, on: "fits \(Digest(of: [Array(text.utf8)]).text)")
  }

  /// That the device has not the memory for a group of images, and how many it may have it for.
  fileprivate func tooLarge(
    _ executable: PJRTExecutable, _ sizes: UpdatesText.Sizes, beside bytes: Int
  ) -> ExecutorError {
    let limit = max(0, (client.leastMemory ?? 0) - bytes)
    let device = replicas == 1 ? client.devices[0].kind : "the device with the least memory"
    func megabytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20) MB" }
    // What it needs beside images and weights grows with the images that pass together.
    let together = sizes.batch / sizes.passes
    let estimate = together * limit / max(1, executable.memoryBytes)
    let images = (0..<together).last {
      $0 > 0 && $0 <= estimate && sizes.batch.isMultiple(of: $0)
    }
    return ExecutorError(
      .outOfMemory,
      problem:
        "\(together) images together take \(megabytes(executable.memoryBytes)) of memory, and"
        + " \(device) gives \(limit >> 20) MB beside test images and the best"
        + " weights",
      fix: images.map { "use --micro-batch \($0)" } ?? "use a larger --memory-fraction",
      imagesThatFit: images)
  }
}

extension CarriedTraining {
  /// What lies on a device and is no argument of the updates: test images, and the weights that
  /// were kept.
  fileprivate var bytesBesideUpdates: Int {
    let kept = trainingGraph.parameterCount + trainingGraph.statisticCount
    return test.pixels.count + (test.labels.count + kept) * MemoryLayout<Float>.stride
  }
}

extension UpdatesText.Recipe {
  init(_ training: CarriedTraining) {
    self.init(
      momentum: training.momentum, weightDecay: training.weightDecay, mean: training.mean,
      deviation: training.deviation)
  }
}

/// Does all jobs, as many at a time as there are cores.
private func atTheSameTime<Result: Sendable>(
  _ jobs: [@Sendable () throws -> Result]
) -> [Swift.Result<Result, any Error>] {
  let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
  DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
    let result = Swift.Result { try jobs[index]() }
    results.withLock { $0[index] = result }
  }
  return results.withLock { results in jobs.indices.compactMap { results[$0] } }
}
