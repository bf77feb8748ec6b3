import BatchPolicies
import Foundation
import Testing

@Suite struct PolicyErrorTests {
  @Test(
    "a growth that cannot be is refused, with what would do",
    arguments: [
      (
        0, 2.0, 20, 2048, 0.75,
        """
        initialBatchSize is 0, but needs to be 1 or more
          fix: the usual start is 128
        """
      ),
      (
        128, 1, 20, 2048, 0.75,
        """
        growthFactor is 1, but needs to be a finite number above 1
          fix: for a batch that does not grow use the fixed policy
        """
      ),
      (
        128, .infinity, 20, 2048, 0.75,
        """
        growthFactor is inf, but needs to be a finite number above 1
          fix: for a batch that does not grow use the fixed policy
        """
      ),
      (
        128, .nan, 20, 2048, 0.75,
        """
        growthFactor is nan, but needs to be a finite number above 1
          fix: for a batch that does not grow use the fixed policy
        """
      ),
      (
        3, 1.25, 20, 2048, 0.75,
        """
        growthFactor is 1.25, but needs to be enough to add one image to a batch of 3
          fix: use a factor of 2, or start with a larger batch
        """
      ),
      (
        128, 2, 0, 2048, 0.75,
        """
        interval is 0, but needs to be 1 epoch or more
          fix: for no change at all, give the number of epochs
        """
      ),
      (
        128, 2, 20, 127, 0.75,
        """
        maximumBatchSize is 127, but needs to be at least the initial batch size, 128
          fix: raise the limit or lower the initial batch size
        """
      ),
      (
        128, 2, 20, 2048, 0,
        """
        decay is 0.0, but needs to be above 0 and at most 1
          fix: for a constant rate give 1; a rate that grows is not a decay
        """
      ),
      (
        128, 2, 20, 2048, 2,
        """
        decay is 2.0, but needs to be above 0 and at most 1
          fix: for a constant rate give 1; a rate that grows is not a decay
        """
      ),
    ])
  func growth(
    initial: Int, factor: Double, interval: Int, limit: Int, decay: Double, message: String
  ) {
    let error = #expect(throws: PolicyError.self) {
      try AdaBatchGrowth(
        initialBatchSize: initial, growthFactor: factor, interval: interval,
        maximumBatchSize: limit, decay: decay)
    }
    #expect(error?.description == message)
  }

  @Test(
    "a fixed batch that cannot be is refused",
    arguments: [
      (0, 0.375, 20, "batchSize"), (128, -0.5, 20, "decay"), (128, .nan, 20, "decay"),
      (128, 0.375, -1, "interval"),
    ])
  func fixed(batchSize: Int, decay: Double, interval: Int, setting: String) {
    let error = #expect(throws: PolicyError.self) {
      try FixedBatch(batchSize: batchSize, decay: decay, interval: interval)
    }
    #expect(error?.setting == setting)
    #expect(error?.code == .outOfRange)
  }

  @Test("a tool can say the setting by the name of its option")
  func renamed() {
    let error = #expect(throws: PolicyError.self) { try FixedBatch(batchSize: 0, interval: 20) }
    #expect(
      error?.message(calling: "--batch-size") == """
        --batch-size is 0, but needs to be 1 or more
          fix: the usual start is 128
        """)
  }

  @Test("what the initialiser refuses is refused from a file too")
  func decoding() {
    let fixed = Data(#"{"batchSize": 0, "decay": 0.375, "changes": 20}"#.utf8)
    let growth = Data(
      """
      {"initialBatchSize": 128, "growthFactor": 1, "changes": 20, "maximumBatchSize": 2048,
       "decay": 0.75}
      """.utf8)

    #expect(throws: PolicyError.self) { try JSONDecoder().decode(FixedBatch.self, from: fixed) }
    #expect(throws: PolicyError.self) {
      try JSONDecoder().decode(AdaBatchGrowth.self, from: growth)
    }
  }
}
