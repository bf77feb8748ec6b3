import AdaBatch

extension MeasuringArguments {
  /// Refuses what would do nothing with the policy that is given.
  ///
  /// - Throws: ``TrainingError`` that names the option and what to do with it.
  func refuseIdleOptions(for policy: PolicyArguments) throws(TrainingError) {
    let kind = MeasuringKind.named(policy.policy)
    if guardWindow != nil, !`guard` {
      throw idle("--guard-window", "is for a guard, and there is none", "add --guard")
    }
    if decideEvery != nil, kind == nil, shadow == nil {
      throw idle("--decide-every", "is for a policy that measures", "name one with --policy")
    }
    try refuseShadowsOfItself(policy)
    if policy.policy == "replay" { return try refuseReplayed(policy) }
    guard replay == nil else {
      throw idle(
        "--replay", "repeats decisions, and --policy \(policy.policy) makes its own",
        "leave one of them out")
    }
    guard let kind else { return try refuseMeasuring(policy.policy) }
    try refusePlanned(policy, kind)
  }

  /// What only a policy that measures has.
  private func refuseMeasuring(_ policy: String) throws(TrainingError) {
    for (option, isGiven) in own where isGiven {
      throw idle(
        option, "is for a policy that measures, and --policy is \(policy)",
        "leave it out, or name such a policy: adabatch policies lists them")
    }
  }

  /// What only a policy that plans has, and what this one does without.
  private func refusePlanned(
    _ policy: PolicyArguments, _ kind: MeasuringKind
  ) throws(TrainingError) {
    let planned = [
      ("--growth-interval", policy.growthInterval != nil),
      ("--milestones", policy.milestones != nil),
      ("--rate-milestones", policy.rateMilestones != nil),
    ]
    for (option, isGiven) in planned where isGiven {
      throw idle(
        option, "says when to change, and --policy \(kind.name) decides that", "leave it out")
    }
    if threshold != nil, kind.threshold == nil {
      throw idle(
        "--threshold", "has nothing to do: \(kind.name) measures the batch size itself",
        "leave it out")
    }
    if patience != nil, kind.patience == nil {
      throw idle("--patience", "is for --policy plateau, and it is \(kind.name)", "leave it out")
    }
    if hysteresis != nil, kind.choosesSizes {
      throw idle(
        "--hysteresis", "has nothing to do: \(kind.name) chooses among the sizes itself",
        "leave it out")
    }
    if maxInterval != nil, !kind.comparesGradients {
      throw idle(
        "--max-interval", "is for policies that compare gradients, and \(kind.name) does not",
        "leave it out")
    }
    let coupling = coupling ?? kind.coupling
    if policy.decay != nil, coupling != "decay" {
      throw idle(
        "--decay", "is for --coupling decay, and it is \(coupling)",
        "leave it out, or give --coupling decay")
    }
  }

  private func refuseReplayed(_ policy: PolicyArguments) throws(TrainingError) {
    guard replay != nil else {
      throw idle("--policy replay", "repeats a run, and none is named", "name it with --replay DIR")
    }
    let others = [
      ("--growth-factor", policy.growthFactor != nil), ("--max-batch", policy.maxBatch != nil),
      ("--growth-interval", policy.growthInterval != nil),
      ("--milestones", policy.milestones != nil),
      ("--rate-milestones", policy.rateMilestones != nil), ("--decay", policy.decay != nil),
      ("--decide-every", decideEvery != nil && shadow == nil), ("--guard", `guard`),
    ]
    for (option, isGiven) in own + others where isGiven {
      throw idle(option, "would change what --replay repeats", "leave one of them out")
    }
  }

  private func refuseShadowsOfItself(_ policy: PolicyArguments) throws(TrainingError) {
    let names = shadow?.names ?? []
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw idle("--shadow", "names \(twice) twice", "name each policy once")
    }
    guard names.contains(policy.policy) else { return }
    throw idle(
      "--shadow", "names \(policy.policy), which decides in this run", "leave it out there")
  }

  private var own: [(String, Bool)] {
    [
      ("--coupling", coupling != nil), ("--min-batch", minBatch != nil),
      ("--cooldown", cooldown != nil), ("--hysteresis", hysteresis != nil),
      ("--patience", patience != nil), ("--threshold", threshold != nil),
      ("--max-interval", maxInterval != nil),
    ]
  }

  private func idle(_ option: String, _ why: String, _ fix: String) -> TrainingError {
    TrainingError(.impossibleSetting, problem: "\(option) \(why)", fix: fix)
  }
}
