import Executors
import NetworkGraph
import TestSupport
import Testing

@Suite("Every executor, operation by operation", .serialized)
struct OperationTests {
  @Test(
    "computes what the reference computes in Double",
    arguments: executorsUnderTest.indices, OperationCase.all)
  func matchesReference(executor: Int, sample: OperationCase) throws {
    let feed = SampleFeed(for: sample.graph, imageCount: sample.imageCount)
    let wanted = try outcome(
      of: sample.graph, on: ReferenceExecutor<Double>(), imageCount: sample.imageCount,
      feeding: feed)
    let got = try outcome(
      of: sample.graph, on: executorsUnderTest[executor], imageCount: sample.imageCount,
      feeding: feed)
    #expect(!wanted.outputs.isEmpty)
    for (name, numbers) in wanted.outputs {
      let distance = relativeDistance(got.outputs[name] ?? [], numbers)
      #expect(distance < 2e-6, "\(name)")
    }
    #expect(relativeDistance(got.statistics, wanted.statistics) < 2e-6)
  }
}
