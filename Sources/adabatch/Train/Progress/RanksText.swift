import AdaBatch

/// What the start of a training says of its ranks.
struct RanksText {
  private let trainer: Trainer
  /// nil where accelerators compute.
  private let threads: Int?

  init(_ run: RunToWatch) {
    trainer = run.trainer
    threads = run.engine.choice.device == .cpu ? run.engine.threads : nil
  }

  /// Each with a line break before it; nothing for one rank.
  var lines: String {
    guard trainer.ranks.count > 1 else { return "" }
    return ([who] + [sameBits, idle].compactMap(\.self)).map { "\n" + $0 }.joined()
  }

  private var who: String {
    let communicator = trainer.ranks.communicator
    let hosts = Set(communicator.hosts)
    let names = hosts.count > 4 ? "" : " (\(hosts.sorted().joined(separator: ", ")))"
    let threads = threads.map { " \(counted($0, "thread")) each," } ?? ""
    return "\(trainer.ranks.count) ranks on \(counted(hosts.count, "host"))\(names),"
      + "\(threads) \(communicator.library ?? "one process")"
  }

  /// What gives the same bits elsewhere, where the micro-batch follows from the number of ranks.
  private var sameBits: String? {
    guard let threads, trainer.options.microBatch == .batch else { return nil }
    return "micro-batch: a rank's share; the same bits on any number of ranks:"
      + " --micro-batch batch/\(trainer.ranks.count) --threads \(threads)"
  }

  private var idle: String? {
    let phase = trainer.plan.phases.min { idleRanks($0) > idleRanks($1) }
    guard threads != nil, let phase, idleRanks(phase) > 0 else { return nil }
    let microBatches = trainer.options.shares(of: phase.batchSize).count
    return
      "\(counted(idleRanks(phase), "rank")) will idle: an update of \(phase.batchSize) images is"
      + " \(counted(microBatches, "micro-batch", "micro-batches"))"
  }

  private func idleRanks(_ phase: Phase) -> Int {
    trainer.options.shares(of: phase.batchSize).idleRanks
  }
}

/// A number of things with their name: `1 rank`, `1,024 ranks`.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(grouped(count)) " + (count == 1 ? one : many ?? one + "s")
}
