import AdaBatch
import ArgumentParser
import Foundation

/// Experiments from their checks over their runs to what they come to.
struct ExperimentSession {
  private let experiments: [Experiment]
  private let title: String
  private let arguments: ComparisonArguments
  private let directory: String
  private let workshop: Workshop

  init(_ experiments: [Experiment], named title: String, _ arguments: ComparisonArguments) {
    (self.experiments, self.title, self.arguments) = (experiments, title, arguments)
    directory = arguments.path(named: title)
    workshop = Workshop(arguments.computing.devices)
  }

  func run() throws {
    let devices = arguments.computing.devices
    // Arms may have devices of their own: what is said of those may be meant for them.
    try devices.check(on: devices.device ?? .cuda)
    let prepared = try prepare()
    let runs = prepared.flatMap(\.runs)
    try completePredictions(runs)
    let comparisons = prepared.map {
      Comparison($0.experiment, $0.runs, in: directory, $0.comparability)
    }
    let output = ComparisonOutput(title, comparisons, directory)
    try output.check()
    try output.write(runs)
    try output.print(json: arguments.json)
    try output.refuseDamages()
  }

  /// Checks everything, and trains what is left to train.
  private func prepare() throws -> [PreparedExperiment] {
    var problems = NotReady()
    let prepared = try experiments.map {
      try PreparedExperiment($0, in: directory, &problems)
    }
    guard !arguments.resultsOnly else {
      guard problems.problems.isEmpty else { throw problems }
      return prepared
    }
    let readiness = Readiness(directory, workshop, problems)
    prepared.forEach { readiness.check($0) }
    guard readiness.problems.problems.isEmpty else { throw readiness.problems }
    try ExperimentRunner(
      directory, workshop, resume: resume, isQuiet: arguments.quiet || arguments.json
    ).train(prepared.flatMap(\.runs), finished: readiness.finished)
    return prepared
  }

  /// This command, as it goes on in the directory that it has begun.
  private var resume: String {
    let words = CommandLine.arguments.dropFirst().filter { $0 != "--fresh" }
    return shellLine(
      ["adabatch"] + words + (arguments.fresh ? ["--directory=\(directory)"] : []))
  }

  /// Scores the final weights of runs that were finished before there were predictions.
  private func completePredictions(_ runs: [ExperimentRun]) throws {
    for run in runs {
      let path = RunDirectory.file(run.name, in: directory)
      guard let found = try? RunDirectory(opening: path),
        exists(found.file(RunDirectory.modelFile)),
        !exists(found.file(RunDirectory.predictionsFile))
      else { continue }
      do {
        let lock = try found.lock()
        defer { withExtendedLifetime(lock) {} }
        try complete(found)
      } catch let error as ExecutorError where error.code == .stopped {
        throw ExitCode(128 + (Interruption.signal ?? SIGINT))
      } catch {
        Console.warn("\(run.name) has no predictions: \(Failure(error)?.message ?? "\(error)")")
      }
    }
  }

  private func complete(_ run: RunDirectory) throws {
    var settings = try run.newestSettings().settings
    if let data = arguments.data, !TrainingSettings.isMadeUp(settings.dataset) {
      settings.data = data
    }
    let predictions = try TestPredictions(
      scoring: run, settings, on: workshop.dataset(of: settings),
      on: workshop.engine(for: settings).computing, stop: Interruption.request)
    try run.write(predictions)
  }
}
