import AdaBatch

// An option that would do nothing, or two that say different things, are a misunderstanding.
extension PolicyArguments {
  /// - Throws: ``TrainingError`` that names the option and what to do with it.
  func refuseIdleOptions() throws(TrainingError) {
    try refuseContradictions()
    guard policy == "fixed" else { return }
    try refuse("--growth-factor", given: growthFactor != nil)
    try refuse("--max-batch", given: maxBatch != nil)
    guard rateMilestones != nil else { return }
    throw TrainingError(
      .impossibleSetting,
      problem: "--rate-milestones is for a batch that grows, and --policy is fixed",
      fix: "give --milestones, for with a fixed batch only the rate changes")
  }

  /// Images in one weight update at the start, over all ranks.
  func batchSize(ranks: Int) -> Int {
    batchPerRank.map { $0.multipliedReportingOverflow(by: ranks).partialValue } ?? batchSize ?? 128
  }

  func refuseContradictions() throws(TrainingError) {
    if batchPerRank != nil, batchSize != nil {
      throw TrainingError(
        .impossibleSetting,
        problem: "--batch-size is over all ranks, and --batch-per-rank is the share of one",
        fix: "leave one of them out")
    }
    guard milestones != nil, growthInterval != nil else { return }
    throw TrainingError(
      .impossibleSetting, problem: "--milestones and --growth-interval both say when to change",
      fix: "leave one of them out")
  }

  private func refuse(_ option: String, given: Bool) throws(TrainingError) {
    guard given else { return }
    throw TrainingError(
      .impossibleSetting, problem: "\(option) is for a batch that grows, and --policy is fixed",
      fix: "leave \(option) out, or train with --policy adabatch")
  }
}

extension WarmUpArguments {
  /// - Throws: ``TrainingError`` where a baseline has no warm-up to scale.
  func refuseIdleOptions() throws(TrainingError) {
    guard baselineBatch != nil, warmup == nil else { return }
    throw TrainingError(
      .impossibleSetting, problem: "--baseline-batch is for a warm-up, and there is none",
      fix: "give the epochs of a warm-up with --warmup, or leave --baseline-batch out")
  }
}
