import Experiments
import Testing
import Training

// By hand, with α = 1 s and β = 8 bytes/s.
@Suite("A model of communication")
struct CommunicationModelTests {
  private let link = NetworkLink(latencySeconds: 1, bandwidthBytesPerSecond: 8)

  @Test(
    "gathers in ⌈log₂ R⌉ steps, around a ring what is large, and nothing in no time",
    arguments: [
      // 2 + ¾·64/8, 2 + ⅔·24/8, 3 + ⅞·81920/8, 3 + ⅘·81915/8.
      (4, 64, 8), (3, 24, 4), (8, 81_920, 8963), (5, 81_915, 8194.5),
      // 4 + ⅘·81920/8, 3 + ¾·524288/8, 7 + ⅞·524288/8.
      (5, 81_920, 8196), (4, 524_288, 49_155), (8, 524_288, 57_351), (1, 64, 0), (4, 0, 0),
    ])
  func gather(ranks: Int, bytes: Int, seconds: Double) {
    #expect(CommunicationModel(link, ranks: ranks).gatherSeconds(bytes: bytes) == seconds)
  }

  @Test(
    "swaps gradients as long as the rank takes that sends or receives the most",
    arguments: [
      // One message of half of 10 numbers each way; two of them for nodes of 2 and 1.
      (2, 2, 10, 3.5), (3, 2, 10, 3.5), (6, 2, 10, 7),
      // Three messages of 2 numbers; the ranks without micro-batches receive two.
      (2, 4, 8, 6), (1, 1, 8, 0),
    ])
  func exchange(microBatches: Int, ranks: Int, parameters: Int, seconds: Double) {
    let model = CommunicationModel(link, ranks: ranks)
    let shares = MicroBatchShares(count: microBatches, ranks: ranks)
    #expect(model.exchangeSeconds(shares, parameterCount: parameters) == seconds)
  }

  // A meeting of 8 bytes 1.5, scores 5, statistics 2.5, sums 3.5, parts 3.5.
  @Test("an update is all of its steps, an evaluation a meeting, scores and places")
  func update() {
    let model = CommunicationModel(link, ranks: 2)
    let shares = MicroBatchShares(count: 2, ranks: 2)
    #expect(model.updateSeconds(shares, parameterCount: 10, statisticCount: 3) == 16)
    #expect(model.evaluationSeconds(batches: 2, images: 8) == 9.5)
    let alone = CommunicationModel(link, ranks: 1)
    #expect(
      alone.updateSeconds(
        MicroBatchShares(count: 2, ranks: 1), parameterCount: 10, statisticCount: 3) == 0)
  }
}
