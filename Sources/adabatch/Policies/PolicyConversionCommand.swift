import AdaBatch
import ArgumentParser

struct PolicyConversionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Print a schedule beside its equal of the other policy.",
    discussion: """
      EXAMPLE
        adabatch policies convert --policy fixed --decay 0.5

      Prints the schedule that the options describe beside the one of the other policy that has \
      the same rate over batch size throughout (Smith et al. 2018). For fixed that is a batch that \
      grows: by 1 / decay at a rate that is kept, or by --growth-factor at one that decays less. \
      For adabatch it is a fixed batch whose rate decays by decay / growth factor.
      """)

  @OptionGroup(title: "The schedule to convert") var policy: PolicyArguments

  @Option(help: ArgumentHelp("Images in the training set.", valueName: "n"))
  var images = 50_000

  mutating func run() throws {
    try TrainingOptions(epochs: policy.epochs, learningRate: policy.learningRate).validate()
    let (fixed, growing) = try schedules()
    let (left, right) = (try plan(fixed), try plan(growing))
    let changes = right.phases.dropFirst().map(\.reason)
    let lines =
      ["fixed     \(fixed)", "adabatch  \(growing)", ""]
      + [left.table(beside: right, names: ("fixed", "adabatch"), initialRate: policy.learningRate)]
      + (changes.isEmpty ? [] : ["", "adabatch:"] + changes)
    Console.print(lines.joined(separator: "\n"))
  }

  private func plan(_ policy: some BatchPolicy) throws -> BatchPlan {
    try BatchPlan(policy: policy, epochs: self.policy.epochs, imageCount: images)
  }

  /// The schedule that the options describe, and its equal.
  private func schedules() throws -> (FixedBatch, AdaBatchGrowth) {
    let changes = try policy.changes()
    let maximum =
      policy.maxBatch
      ?? ReferenceRecipe.maximumBatchSize(initialBatchSize: policy.batchSize(ranks: 1))
    let decay = policy.decay ?? TrainingSettings.referenceDecay(policy: policy.policy)
    switch policy.policy {
    case "fixed":
      let fixed = try FixedBatch(
        batchSize: policy.batchSize(ranks: 1), decay: decay, changes: changes)
      return (fixed, try fixed.growing(by: policy.growthFactor, upTo: maximum))
    case "adabatch":
      let growing = try AdaBatchGrowth(
        initialBatchSize: policy.batchSize(ranks: 1),
        growthFactor: policy.growthFactor ?? ReferenceRecipe.growthFactor, changes: changes,
        maximumBatchSize: maximum, decay: decay)
      return (try growing.fixed(), growing)
    default: throw TrainingSettings.unknownPolicy(policy.policy)
    }
  }
}

extension PolicyArguments {
  /// When a schedule that is to be converted changes.
  fileprivate func changes() throws -> ChangeEpochs {
    try refuseContradictions()
    guard rateMilestones == nil else {
      throw TrainingError(
        .impossibleSetting,
        problem: "--rate-milestones cannot be converted: a fixed batch changes only its rate",
        fix: "leave it out, and let the rate change with the batch")
    }
    let interval = growthInterval ?? ReferenceRecipe.interval(epochs: epochs)
    let changes = milestones.map { ChangeEpochs.after($0.epochs) } ?? .every(interval)
    try changes.check("milestones", epochs: epochs)
    return changes
  }
}
