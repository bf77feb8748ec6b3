import AdaBatch
import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say what a training will do and need, before it starts; nothing is trained.",
    discussion: """
      EXAMPLE
        adabatch plan --dataset cifar10 --network resnet20

      Takes the options of train, needs no images, and prints the phases of the run, with the memory \
      of each, beside the same run at its smallest and at its largest batch size, fixed. What train \
      would refuse is refused here, in the same words. --measure adds the time, from short runs on \
      this machine; --ranks plans for many, and takes what one of them does from here. \
      Documentation/Planning.md explains each number.
      """)

  @OptionGroup var training: TrainingArguments
  @OptionGroup(title: "Ranks") var ranks: PlannedRankArguments

  @Flag(help: "Run a few updates at each batch size, and predict the time.")
  var measure = false

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  @Flag(
    name: .shortAndLong, help: "Print nothing but errors: the exit code tells whether it can run.")
  var quiet = false

  // So that a command of train's is planned by changing one word.
  @OptionGroup(title: "", visibility: .hidden) var checkpoints: CheckpointArguments
  @OptionGroup(title: "", visibility: .hidden) var idleRankOptions: RankArguments

  mutating func run() throws {
    try refuseResuming()
    _ = try checkpoints.rule()
    let ranks = try ranks.count(measure: measure)
    let choice = try training.computing.choice()
    try Engine.refuseAccelerator(choice, for: "a plan")
    let engine = try training.computing.makeEngine()
    let executor = try engine.executor(for: "a plan")
    let settings = try training.fitted(
      training.settings(engine.choice, ranks: ranks),
      ranks: ranks, free: MemoryLimits().available.map { $0 / ranks }, executor: executor)
    let plan = try TrainingPlan(settings, ranks: ranks, executor: executor)
    if quiet && !json { return }
    if !quiet {
      try (checkpoints.idleOptions() + idleRankOptions.idleOptions()).forEach(Console.report)
    }
    let shown = measure ? try measured(plan, executor, engine) : plan
    if json { return try Console.print(json: shown) }
    Console.print(PlanReport(shown, engine).text)
  }

  /// What is left of a run is another question.
  private func refuseResuming() throws(TrainingError) {
    let option =
      checkpoints.resume ? "--resume" : checkpoints.allowChanges ? "--allow-changes" : nil
    guard let option else { return }
    throw TrainingError(
      .impossibleSetting,
      problem: "\(option) goes on with a run, and a plan is of one from its beginning",
      fix: "leave \(option) out, and give the options that the run was begun with")
  }

  private func measured(
    _ plan: TrainingPlan, _ executor: any Executor<Float>, _ engine: Engine
  ) throws -> TrainingPlan {
    if !quiet { Console.warnOfLoad(threads: engine.threads) }
    let link = try ranks.link()
    let what = link == nil ? "updates" : "one rank's micro-batches"
    let measurement = try StepMeasurement(plan, executor: executor, scaling: ranks.scaling) {
      if !quiet { Console.report("adabatch: measuring \(what) of \(counted($0, "image"))") }
    }
    guard let link else { return plan.predicted(by: measurement) }
    return try plan.predicted(by: measurement, over: link, scaling: ranks.scaling)
  }
}

extension CheckpointArguments {
  /// What is said of options that a training has and that change nothing in its plan.
  fileprivate func idleOptions() throws -> [String] {
    let usual = try CheckpointArguments.parse([])
    let given = [
      directory.map { "--run \($0)" }, fresh ? "--fresh" : nil,
      keep == usual.keep ? nil : "--keep \(keep)",
      checkpointMinutes == usual.checkpointMinutes
        ? nil : "--checkpoint-minutes \(checkpointMinutes)",
    ]
    return given.compactMap(\.self).map {
      "adabatch: \($0) changes nothing here: a plan writes no files"
    }
  }
}

extension RankArguments {
  fileprivate func idleOptions() throws -> [String] {
    let usual = try RankArguments.parse([])
    let given = [
      logAllRanks ? "--log-all-ranks" : nil,
      rankTimeout == usual.rankTimeout ? nil : "--rank-timeout \(rankTimeout)",
    ]
    return given.compactMap(\.self).map {
      "adabatch: \($0) changes nothing here: a plan starts no ranks"
    }
  }
}
