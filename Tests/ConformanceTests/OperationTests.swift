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
    let subject = executorsUnderTest[executor]
    var feed = SampleFeed(for: sample.graph, imageCount: sample.imageCount)
    if subject.roundsImages { feed.inputs = feed.inputs.mapValues { $0.map(upperHalf) } }
    let wanted = try outcome(
      of: sample.graph, on: ReferenceExecutor<Double>(), imageCount: sample.imageCount,
      feeding: feed)
    let got = try outcome(
      of: sample.graph, on: subject.executor, imageCount: sample.imageCount,
      feeding: feed)
    #expect(!wanted.outputs.isEmpty)
    for (name, numbers) in wanted.outputs {
      let distance = relativeDistance(got.outputs[name] ?? [], numbers)
      #expect(distance < subject.operationTolerance, "\(name)")
    }
    #expect(relativeDistance(got.statistics, wanted.statistics) < subject.operationTolerance)
  }
}

/// The nearest number towards 0 that a bf16 holds.
private func upperHalf(_ number: Double) -> Double {
  Double(Float(bitPattern: Float(number).bitPattern & 0xffff_0000))
}
