import AdaBatch

// A training, on one rank or on several, which all go the same way. Whatever can fail on one alone
// is done together: either all go on, or all leave.
extension TrainCommand {
  func train() throws {
    let ranks = RankJob.ranks
    // Several ranks keep each other busy while they prepare.
    let load = ranks.count == 1 ? MachineLoad.Watch() : nil
    var rule = try ranks.together { try prepare(ranks) }
    let engine = try training.computing.makeEngine(on: ranks)
    rule.secondsBetweenEpochs = engine.secondsBetweenCheckpoints
    var settings = try training.settings(engine.choice, ranks: ranks.count)
    // The run directory is rank 0's: others may be on hosts that do not have it.
    var place = try ranks.together {
      ranks.own > 0
        ? nil : try RunPlace(checkpoints.path(of: settings), mustExist: checkpoints.resume)
    }
    settings = try training.fitted(
      settings, like: place?.past?.newestSettings, on: ranks, engine: engine)
    try ranks.together {
      guard let place else { return }
      try place.past?.check(place.changes(to: settings), allowed: checkpoints.allowChanges)
    }
    if try ranks.share(try place?.isFinished(with: settings) == true ? "finished" : "") != "" {
      if let past = place?.past { progress.tellFinished(past) }
      return
    }
    let trainer = try ranks.together {
      try Trainer(settings, on: engine.computing, ranks: ranks, stop: Interruption.request)
    }
    if ranks.count > 1 { try SameEverywhere(settings, trainer.dataset, engine).check(ranks) }
    settings.data = settings.folder(of: trainer.dataset)
    let recording = try ranks.together {
      try place.map {
        try Recording(
          trainer, RunSettings(of: settings, by: engine), in: $0, rule,
          allowChanges: checkpoints.allowChanges, resume: resumeAdvice($0.path),
          load: load ?? MachineLoad.Watch())
      }
    }
    // It holds the weights of the checkpoint, which are in use now.
    place = nil
    let path = try RankJob.fromRankZero { recording?.run.directory.path ?? "" }
    try ranks.together { try self.ranks.openLog(ranks, in: path) }
    Interruption.watch()
    let outcome = try ranks.together {
      try recording?.run(engine, telling: progress.progress) ?? trainer.trainBesideRankZero()
    }
    guard outcome == .finished else {
      throw try Stopped(
        trainer, path, checkpoint: recording?.run.newestCheckpoint, resume: resumeAdvice(path))
    }
  }

  private func resumeAdvice(_ path: String) -> ResumeAdvice {
    ResumeAdvice(of: path, plugin: training.computing.devices.plugin)
  }

  private func prepare(_ all: Ranks) throws -> CheckpointRule {
    try ranks.check()
    ranks.notice(all)
    return try checkpoints.rule()
  }
}

extension RunSettings {
  /// What a run of this process records of itself.
  init(of settings: TrainingSettings, by engine: Engine) {
    let ranks = RankJob.ranks
    self.init(
      adabatch: Version.number, command: shellLine(CommandLine.arguments),
      ranks: ranks.count > 1 ? ranks.count : nil, timing: engine.timing, settings: settings,
      versions: engine.versions)
  }
}

extension Trainer {
  /// Trains while rank 0 records; says what this rank's log is to have.
  fileprivate func trainBesideRankZero() throws -> RecordedRun.Outcome {
    Console.printProgress(
      "rank \(ranks.own) of \(ranks.count) on \(ranks.communicator.hosts[ranks.own])")
    do {
      try train(onEpoch: { epoch in
        Console.printProgress(
          ProgressText.epoch(epoch, of: options.epochs, secondsLeft: nil) + "  "
            + ProgressText.parts(epoch))
      })
    } catch let error as ExecutorError where error.code == .stopped {
      return .stopped
    }
    return .finished
  }
}
