import AdaBatch
import ArgumentParser
import Foundation

/// Trains the runs of an experiment, one after the other.
struct ExperimentRunner {
  private let directory: String
  private let workshop: Workshop
  /// The command that goes on.
  private let resume: String
  private let isQuiet: Bool

  init(_ directory: String, _ workshop: Workshop, resume: String, isQuiet: Bool) {
    (self.directory, self.workshop, self.resume) = (directory, workshop, resume)
    self.isQuiet = isQuiet
  }

  /// Trains what is left of the runs.
  ///
  /// - Parameter finished: names of those that have come to their end before.
  func train(_ runs: [ExperimentRun], finished: Set<String>) throws {
    var remaining = RemainingTime(runs.filter { !finished.contains($0.name) })
    for run in runs where finished.contains(run.name) { try note(run, in: &remaining) }
    for (index, run) in runs.enumerated() {
      let title = "run \(index + 1) of \(runs.count), \(run.name)"
      let isFinished = finished.contains(run.name)
      say(title + (isFinished ? ": finished" : ""))
      if isFinished { continue }
      try run.ranks > 1 ? launch(run) : trainHere(run, title, remaining)
      try note(run, in: &remaining)
    }
  }

  /// Takes over what a run took.
  private func note(_ run: ExperimentRun, in remaining: inout RemainingTime) throws {
    let epochs = try RunDirectory(opening: path(of: run)).epochs().records
    remaining.finished(run, seconds: epochs.reduce(0) { $0 + $1.epochSeconds })
  }

  private func path(of run: ExperimentRun) -> String { RunDirectory.file(run.name, in: directory) }

  private func say(_ line: String) { if !isQuiet { Console.printProgress(line) } }

  /// As `train` does, in this process.
  private func trainHere(
    _ run: ExperimentRun, _ title: String, _ remaining: RemainingTime
  ) throws {
    var rule = try ArmSettings(run.arm, seed: run.seed).checkpoints.rule()
    let engine = try workshop.engine(for: run.settings)
    rule.secondsBetweenEpochs = engine.secondsBetweenCheckpoints
    let dataset = try workshop.dataset(of: run.settings)
    // Let go of once it is in use: it holds a checkpoint's weights.
    var place: RunPlace? = try RunPlace(path(of: run), mustExist: false)
    let trainer = try Trainer(
      run.settings.outline(images: dataset.outline), dataset, on: engine.computing,
      stop: Interruption.request)
    var settings = run.settings
    settings.data = settings.folder(of: dataset)
    let recording = try place.map {
      try Recording(
        trainer, RunSettings(of: settings, by: engine), in: $0, rule,
        resume: ResumeAdvice(experiment: resume))
    }
    place = nil
    Interruption.watch()
    let outcome = try recording?.run(engine) { watched in
      if isQuiet { return QuietProgress() }
      let inner: any TrainProgress =
        Terminal.isInteractive ? BarProgress(watched) : LineProgress(watched)
      return RunOfManyProgress(inner, watched, title, run, remaining)
    }
    guard outcome == .finished else {
      throw try Stopped(
        trainer, path(of: run), checkpoint: recording?.run.newestCheckpoint,
        resume: ResumeAdvice(experiment: resume))
    }
  }

  /// As `launch` does: the ranks are processes of their own.
  private func launch(_ run: ExperimentRun) throws {
    var words = try ArmSettings(run.arm, seed: run.seed).words
    for (name, value) in [
      ("threads", "\(run.settings.threads)"), ("precision", run.settings.precision),
      ("memory-budget", run.settings.memoryBudget.map(String.init)),
    ] where run.arm.settings[name] == nil {
      if let value { words.append("--\(name)=\(value)") }
    }
    // The experiment says what its arms are, and the ranks read the environment.
    for variable in SettingVariable.all(in: ProcessInfo.processInfo.environment) {
      unsetenv(variable.name)
    }
    var command = try LaunchCommand.parse(
      ["-n", "\(run.ranks)", "--", "train"] + words + ["--run=\(path(of: run))"]
        + (isQuiet ? ["--quiet"] : []))
    do {
      try command.run()
    } catch let code as ExitCode {
      Console.report("adabatch: \(run.name) has ended before its time\n  go on: \(resume)")
      throw code
    }
  }
}
