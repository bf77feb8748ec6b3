import BatchPolicies
import ExecutorOneDNN
import Executors
import RunRecords
import TestSupport
import Testing
import Training

@Suite("A batch size that is decided while training", .serialized)
struct MeasuredDecisionTests {
  @Test("changes within an epoch, and no image is lost or seen twice")
  func midEpoch() throws {
    let result = try MeasuredRun().result()
    let changes = result.decisions.filter { $0.action == .change }
    #expect(changes.contains { $0.imagesIntoEpoch ?? 0 > 0 })
    #expect(result.epochs.map(\.samplesSeen) == [70, 140, 210])
    // Each update has the size of the newest decision, but for the last one of an epoch.
    for (update, next) in zip(result.updates, result.updates.dropFirst())
    where next.epoch == update.epoch {
      let images = next.imagesIntoEpoch - update.imagesIntoEpoch
      let decision = result.decisions.last { $0.updates ?? 0 < next.updates }
      #expect(images == decision?.batchSize || next.imagesIntoEpoch == 70)
    }
    #expect(
      result.epochs.map(\.batchSize)
        == result.epochs.map { epoch in
          result.decisions.last { $0.epoch <= epoch.epoch }?.batchSize
        })
  }

  @Test("is asked at each start of an epoch and every three updates, and says what it saw")
  func moments() throws {
    let result = try MeasuredRun().result()
    let starts = result.decisions.filter { $0.imagesIntoEpoch == 0 }
    #expect(starts.map(\.epoch) == [1, 2, 3])
    #expect(result.decisions.first?.action == .start)
    for (one, next) in zip(result.decisions, result.decisions.dropFirst())
    where next.imagesIntoEpoch ?? 0 > 0 {
      #expect((next.updates ?? 0) - (one.updates ?? 0) == 3)
    }
    #expect(result.decisions.dropFirst().allSatisfy { $0.evidence?.value != nil })
    #expect(result.decisions.allSatisfy { $0.policy == "Climber" })
    var whole = MeasuredRun()
    whole.options.decideEvery = nil
    #expect(try whole.result().decisions.map(\.imagesIntoEpoch) == [0, 0, 0])
  }

  @Test("is the same on any number of ranks, bit for bit")
  func ranks() throws {
    let alone = try MeasuredRun().result()
    for count in 2...4 {
      let results = onRanks(count) {
        try MeasuredRun().result($0, executor: OneDNNExecutor(threads: 1))
      }
      for result in try results.map({ try $0.get() }) {
        #expect(result.weights == alone.weights)
        #expect(result.decisions == alone.decisions)
      }
    }
  }

  @Test("by a clock, all ranks decide by the same seconds")
  func clock() throws {
    let run = MeasuredRun(policy: Climber(goesByClock: true))
    let results = try onRanks(3) { try run.result($0, executor: OneDNNExecutor(threads: 1)) }
      .map { try $0.get() }
    #expect(results[0].decisions.contains { $0.evidence?.value ?? 0 > 0 })
    for other in results.dropFirst() {
      #expect(other.decisions == results[0].decisions)
      #expect(other.weights == results[0].weights)
    }
  }

  @Test("is the same after a stop at any update")
  func resumed() throws {
    let run = MeasuredRun()
    let whole = try withRunFolder { try run.finish(in: $0) }
    for update in 1..<whole.state.updates {
      try withRunFolder { folder in
        let stop = StopRequest()
        let outcome = try run.begin(in: folder, stop: stop)
          .run(onUpdate: { if $0.updates == update { stop.make() } })
        #expect(outcome == .stopped)
        #expect(try run.finish(in: folder) == whole, "stopped after update \(update)")
      }
    }
  }

  @Test("is not changed by a bit by policies that only watch")
  func shadows() throws {
    let alone = try MeasuredRun().result()
    var run = MeasuredRun()
    run.shadows = [
      NamedPolicy("slow", Climber(limit: 20)), NamedPolicy("planned", try growth(from: 8, to: 32)),
    ]
    let watched = try run.result()
    #expect(watched.weights == alone.weights)
    #expect(watched.decisions == alone.decisions)
    #expect(watched.shadows.count == 2 * watched.decisions.count)
    let slow = watched.shadows.filter { $0.policy == "slow" }
    #expect(slow.map(\.batchSize).max() == 20)
    #expect(slow.first?.action == .start)
    let planned = watched.shadows.filter { $0.policy == "planned" && $0.action != .keep }
    #expect(planned.map(\.batchSize) == [8, 16, 32])
    // A policy that plans is not changed either, and records only what changes.
    run.policy = try growth(from: 8, to: 32)
    let shadowed = try run.result()
    run.shadows = []
    #expect(try run.result().weights == shadowed.weights)
    #expect(shadowed.decisions.map(\.batchSize) == [8, 16, 32])
  }

  @Test("needs two micro-batches in each update, and says what to change")
  func singleMicroBatch() throws {
    var run = MeasuredRun()
    run.options.microBatch = .batch
    let error = #expect(throws: TrainingError.self) { try run.trainer() }
    #expect(error?.problem.contains("one of 8") == true)
    #expect(error?.fix == "use a --micro-batch of at most 4, such as 2")
    run.policy = try growth(from: 8, to: 32)
    run.shadows = [NamedPolicy("watching", Climber())]
    #expect(throws: TrainingError.self) { try run.trainer() }
    run.shadows = []
    #expect(throws: Never.self) { try run.trainer() }
  }

  @Test("what is expected follows what was decided")
  func expectation() throws {
    let trainer = try MeasuredRun().trainer()
    #expect(trainer.plan.phases.map(\.batchSize) == [8])
    var last = 0
    try trainer.train(onDecision: { last = $0.batchSize })
    #expect(trainer.plan.phases.last?.batchSize == last)
    #expect(trainer.plan.phases.last?.epochs.upperBound == 3)
  }
}
