import BatchPolicies
import ExecutorOneDNN
import Executors
import RunRecords
import TestSupport
import Testing
import Training

@Suite("A guard over growth", .serialized)
struct GuardTests {
  /// Each growth makes the rate so high that the next but one update diverges.
  private static var reckless: MeasuredRun {
    var run = MeasuredRun()
    run.policy = Climber(rate: 1e30)
    run.imageCount = 200
    run.options.epochs = 2
    run.options.decideEvery = 8
    run.options.learningRate = 0.02
    run.options.guardWindow = 60
    return run
  }

  @Test("takes a growth back that makes the loss worse, and marks the size")
  func takesBack() throws {
    let run = Self.reckless
    let trainer = try run.trainer()
    var grown: (decision: DecisionRecord, weights: [UInt32])?
    var back: DecisionRecord?
    try trainer.train(
      onDecision: { decision in
        if decision.action == .change, grown == nil { grown = (decision, trainer.bits) }
        if decision.action == .rollback, back == nil {
          back = decision
          let isBack = trainer.bits == grown?.weights
          #expect(isBack, "weights are not those before the growth")
        }
      })
    let (growth, rollback) = (try #require(grown).decision, try #require(back))
    #expect(rollback.batchSize == 8)
    #expect(rollback.rateFactor == 1)
    #expect(rollback.reason.contains("\(growth.batchSize) is marked"))
    let evidence = try #require(rollback.evidence)
    #expect(evidence.signal == "training loss after the growth" && evidence.threshold != nil)
    let marked = try #require(trainer.state.course).signals.marked
    #expect(marked.contains(growth.batchSize))
    #expect(trainer.state.samplesSeen == 400)
  }

  @Test("takes a growth back with which the loss is a number, and clearly worse")
  func worse() throws {
    var run = Self.reckless
    run.policy = Climber(rate: 100)
    run.imageCount = 400
    run.options.decideEvery = 25
    run.options.guardWindow = 200
    let result = try run.result()
    let back = try #require(result.decisions.first { $0.action == .rollback })
    #expect(back.reason.contains("the loss became worse"))
    #expect(back.evidence?.value ?? 0 > back.evidence?.threshold ?? .infinity)
    #expect(back.batchSize == 8)
  }

  @Test("lets growth be that does no harm")
  func harmless() throws {
    var run = Self.reckless
    run.policy = Climber(rate: 1)
    let result = try run.result()
    #expect(result.decisions.contains { $0.action == .change })
    #expect(!result.decisions.contains { $0.action == .rollback })
  }

  @Test("holds a planned growth below the mark, while rate over batch goes on falling")
  func planned() throws {
    var run = Self.reckless
    run.policy = Jump()
    run.options.epochs = 4
    run.options.decideEvery = nil
    let result = try run.result()
    let back = try #require(result.decisions.first { $0.action == .rollback })
    #expect(back.batchSize == 8 && back.rateFactor == 1)
    let later = try #require(result.decisions.last)
    // Planned for the last epoch: 32 at 5e29; 16 at 1e30 was taken back to 8 at 1.
    #expect(later.batchSize == 8)
    #expect(later.rateFactor == 0.25)
  }

  @Test("is the same after a stop at any update")
  func resumed() throws {
    let run = Self.reckless
    let whole = try withRunFolder { try run.finish(in: $0) }
    #expect(whole.state.course?.signals.marked.isEmpty == false)
    for update in stride(from: 1, to: whole.state.updates, by: 3) {
      try withRunFolder { folder in
        let stop = StopRequest()
        _ = try run.begin(in: folder, stop: stop)
          .run(onUpdate: { if $0.updates == update { stop.make() } })
        #expect(try run.finish(in: folder) == whole, "stopped after update \(update)")
      }
    }
  }

  @Test("is the same on two ranks")
  func ranks() throws {
    let alone = try Self.reckless.result()
    let results = onRanks(2) {
      try Self.reckless.result($0, executor: OneDNNExecutor(threads: 1))
    }
    for result in results { #expect(try result.get().weights == alone.weights) }
  }

  /// Doubles each epoch; the first time with a rate that no training survives.
  private struct Jump: BatchPolicy {
    func decision(for signals: Signals) -> BatchDecision {
      switch signals.epoch {
      case 0: BatchDecision(batchSize: 8, learningRateFactor: 1, reason: "start")
      case 1, 2: BatchDecision(batchSize: 16, learningRateFactor: 1e30, reason: "jump")
      default: BatchDecision(batchSize: 32, learningRateFactor: 5e29, reason: "later")
      }
    }
  }
}
