import BatchPolicies
import Foundation
import Testing

@Suite struct ChangeEpochsTests {
  private func growth(
    _ changes: ChangeEpochs, _ rateChanges: ChangeEpochs? = nil, decay: Double = 0.5
  ) throws -> AdaBatchGrowth {
    try AdaBatchGrowth(
      initialBatchSize: 10, changes: changes, rateChanges: rateChanges, maximumBatchSize: 40,
      decay: decay)
  }

  private func decisions(_ policy: some BatchPolicy, _ epochs: Range<Int>) -> [BatchDecision] {
    epochs.map { policy.decision(for: Signals(epoch: $0, imageCount: 1000)) }
  }

  @Test("milestones at the interval's multiples are the same policy, to the last bit")
  func sameAsInterval() throws {
    let every = try growth(.every(3), decay: 0.3)
    let after = try growth(.after([3, 6, 9]), decay: 0.3)

    #expect(decisions(every, 0..<12) == decisions(after, 0..<12))
  }

  @Test("the batch grows after its milestones, the rate decays after its own")
  func apart() throws {
    let policy = try growth(.after([1, 4]), .after([2, 4]))

    let decisions = decisions(policy, 0..<6)
    #expect(decisions.map(\.batchSize) == [10, 20, 20, 20, 40, 40])
    #expect(decisions.map(\.learningRateFactor) == [1, 1, 0.5, 0.5, 0.25, 0.25])
    #expect(
      decisions.map(\.reason) == [
        "initial batch size 10",
        "after 1 epoch: batch 10 × 2 = 20, rate kept",
        "after 2 epochs: batch stays 20, rate × 0.5",
        "after 2 epochs: batch stays 20, rate × 0.5",
        "after 4 epochs: batch 20 × 2 = 40, rate × 0.5",
        "after 4 epochs: batch 20 × 2 = 40, rate × 0.5",
      ])
  }

  @Test("with a decay of 1 the batch grows at a rate that is kept, until the limit")
  func rateKept() throws {
    let decisions = decisions(try growth(.every(1), decay: 1), 0..<4)

    #expect(decisions.map(\.batchSize) == [10, 20, 40, 40])
    #expect(decisions.map(\.learningRateFactor) == [1, 1, 1, 0.5])
    #expect(
      decisions.dropFirst().map(\.reason) == [
        "after 1 epoch: batch 10 × 2 = 20, rate kept",
        "after 2 epochs: batch 20 × 2 = 40, rate kept",
        "after 3 epochs: batch 40 × 2 held at the limit of 40, rate × 40 / 80",
      ])
  }

  @Test(
    "milestones that cannot be are refused, with those that would do",
    arguments: [
      (
        [],
        """
        milestones is empty, but needs to be at least one number of epochs
          fix: give the epochs after which to change, such as 60,120,160
        """
      ),
      (
        [0, 60],
        """
        milestones is 0,60, but needs to be 1 or more each: 60 is a change after 60 epochs
          fix: leave out what is below 1; the first epoch has the initial values anyway
        """
      ),
      (
        [120, 60, 120],
        """
        milestones is 120,60,120, but needs to be in ascending order, each once
          fix: give 60,120
        """
      ),
    ])
  func impossible(milestones: [Int], message: String) {
    let changes = ChangeEpochs.after(milestones)
    let errors = [
      #expect(throws: PolicyError.self) { try growth(changes) },
      #expect(throws: PolicyError.self) { try FixedBatch(batchSize: 10, changes: changes) },
    ]
    #expect(errors.map { $0?.description } == [message, message])
    let ofRate = #expect(throws: PolicyError.self) { try growth(.every(1), changes) }
    #expect(ofRate?.setting == "rateMilestones")
  }

  @Test("milestones that a run does not reach are refused, an interval is not")
  func beyond() throws {
    let error = #expect(throws: PolicyError.self) {
      try ChangeEpochs.after([60, 100, 160]).check("milestones", epochs: 100)
    }
    #expect(
      error?.description == """
        milestones is 60,100,160, but needs to be below the run's 100 epochs
          fix: leave out 100,160, or train longer
        """)
    try ChangeEpochs.after([1, 99]).check("milestones", epochs: 100)
    try ChangeEpochs.every(200).check("milestones", epochs: 100)
  }

  @Test("a policy read back decides the same, and a file cannot hold an impossible one")
  func roundTrip() throws {
    let policy = try growth(.after([1, 4]), .every(3))
    let data = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(AdaBatchGrowth.self, from: data) == policy)

    let unsorted = Data(#"{"batchSize": 10, "decay": 0.5, "changes": [2, 1]}"#.utf8)
    #expect(throws: PolicyError.self) { try JSONDecoder().decode(FixedBatch.self, from: unsorted) }
  }
}
