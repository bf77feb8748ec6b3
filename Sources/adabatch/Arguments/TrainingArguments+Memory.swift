import AdaBatch

// The micro-batch, where memory has a say in it.
extension TrainingArguments {
  /// Whether memory is to be asked, where no past run has an answer.
  var hasMemoryBudget: Bool { optimizer.microBatch == .auto || optimizer.memoryBudget != nil }

  /// The settings with a micro-batch that keeps to the memory budget, where there is one.
  ///
  /// - Parameters:
  ///   - past: of the run that is gone on with, whose automatic choice stands as long as nothing else
  ///     changes.
  ///   - ranks: that share each update.
  ///   - free: bytes of memory that each rank can have, where no budget is given.
  ///   - executor: whose programs need the memory; made where that is asked.
  /// - Throws: `ExecutorError` for what does not fit, `TrainingError` for a system that does not
  ///   tell what is free.
  func fitted(
    _ settings: TrainingSettings, like past: TrainingSettings? = nil, ranks: Int = 1,
    free: Int? = MemoryLimits().available, executor: @autoclosure () throws -> any Executor<Float>
  ) throws -> TrainingSettings {
    if let past, let kept = try kept(settings, from: past) { return kept }
    guard hasMemoryBudget else { return settings }
    let budget = try memoryBudget(free: free)
    if optimizer.microBatch == .auto {
      return try budget.choosingMicroBatch(of: settings, ranks: ranks, executor: executor())
    }
    try budget.check(settings, ranks: ranks, executor: executor())
    return settings
  }

  /// The settings with what the past run has, where that is gone on with as it was.
  ///
  /// nil where something else that decides memory is different, where a micro-batch was given and is
  /// to be chosen now, and where another budget is to be checked.
  private func kept(
    _ settings: TrainingSettings, from past: TrainingSettings
  ) throws -> TrainingSettings? {
    let isAutomatic = optimizer.microBatch == .auto
    let isTheSame =
      isAutomatic ? past.memoryBudget != nil : past.microBatch == settings.microBatch
    let isToCheck =
      !isAutomatic && optimizer.memoryBudget.map { $0.bytes != past.memoryBudget } ?? false
    var kept = settings
    (kept.microBatch, kept.memoryBudget) = (past.microBatch, past.memoryBudget)
    guard isTheSame, !isToCheck, try past.changes(to: kept).isEmpty else { return nil }
    return kept
  }

  /// The same for all ranks of a job: rank 0, which has the run, chooses for the rank with the least
  /// memory.
  func fitted(
    _ settings: TrainingSettings, like past: TrainingSettings?, on ranks: Ranks,
    engine: Engine
  ) throws -> TrainingSettings {
    func executor() throws -> any Executor<Float> {
      try engine.executor(for: "--micro-batch auto or --memory-budget")
    }
    guard ranks.count > 1 else { return try fitted(settings, like: past, executor: executor()) }
    let free = try leastFreeMemory(ranks)
    let chosen = try ranks.together {
      ranks.own > 0
        ? settings
        : try fitted(settings, like: past, ranks: ranks.count, free: free, executor: executor())
    }
    let words = try ranks.share("\(chosen.microBatch.text) \(chosen.memoryBudget ?? 0)")
      .split(separator: " ").map(String.init)
    var settings = settings
    settings.microBatch = MicroBatch(text: words[0]) ?? settings.microBatch
    settings.memoryBudget = Int(words[1]).flatMap { $0 > 0 ? $0 : nil }
    return settings
  }

  /// What each rank can have on the host that has the least for its ranks.
  private func leastFreeMemory(_ ranks: Ranks) throws -> Int? {
    let hosts = ranks.communicator.hosts
    let all = try ranks.gather(MemoryLimits().available.map(String.init) ?? "").map { Int($0) }
    let shares = zip(all, hosts).map { free, host in
      free.map { free in free / hosts.count { $0 == host } }
    }
    return shares.contains(nil) ? nil : shares.compactMap(\.self).min()
  }

  private func memoryBudget(free: Int?) throws(TrainingError) -> MemoryBudget {
    if let given = optimizer.memoryBudget { return MemoryBudget(bytes: given.bytes) }
    guard let free else {
      throw TrainingError(
        .impossibleSetting, problem: "--micro-batch auto: the system does not tell its free memory",
        fix: "give --memory-budget, such as 4GB")
    }
    return MemoryBudget(bytes: free / 4 * 3)
  }
}
