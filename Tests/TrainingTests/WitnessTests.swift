import ExecutorOneDNN
import Executors
import TestSupport
import Testing
import Training

@Suite("Three updates of whole networks, beside PyTorch's", .serialized)
struct WitnessTests {
  /// The reference executor's run is needed by two tests and takes seconds for VGG19.
  private static let inDouble = ResultCache()

  @Test("the reference executor in Double is within 1e-8 of float64", arguments: Witness.networks)
  func inDouble(network: String) throws {
    let witness = try Witness.load(network)
    let ours = try Self.inDouble.run(witness)
    for (loss, step) in zip(ours.meanLosses, witness.losses) {
      #expect(abs(loss / step.mean - 1) < 1e-8)
    }
    for (index, parameter) in ours.graph.parameters.enumerated() {
      let (digest, buffer) = (witness.parameters[index], witness.momentumBuffers[index])
      #expect(digest.name == parameter.name)
      #expect(digest.distance(from: Array(ours.parameters[parameter.range])) < 1e-8)
      #expect(buffer.distance(from: Array(ours.velocity[parameter.range])) < 1e-8)
    }
    #expect(witness.runningStatistics.map(\.name) == ours.graph.statistics.map(\.name))
    for (wanted, statistic) in zip(witness.runningStatistics, ours.graph.statistics) {
      #expect(wanted.distance(from: Array(ours.statistics[statistic.range])) < 1e-8)
    }
    #expect(witness.numBatchesTracked.values.allSatisfy { $0 == ours.microBatchesTracked })
    #expect(relativeDistance(ours.logits, witness.evaluationLogits.flatMap { $0 }) < 1e-8)
  }

  @Test(
    "a gradient of zero would be found, for every tensor that has one",
    arguments: Witness.networks)
  func everyGradientMatters(network: String) throws {
    let witness = try Witness.load(network)
    let graph = try witness.classifier().trainingGraph()
    let start = Witness.startParameters(graph)
    var checked = 0
    for (parameter, digest) in zip(graph.parameters, witness.parameters) {
      // A bias in front of batch norm has no influence, so its gradient is zero by right.
      if digest.exactlyZeroGradient == true { continue }
      let weights = Buffer(Array(start[parameter.range]))
      let zero = Buffer(repeating: 0.0, count: weights.count)
      let optimizer = SGD<Double>(
        momentum: witness.momentum, weightDecay: witness.weightDecay,
        parameterCount: weights.count)
      for _ in witness.losses {
        optimizer.step(
          weights, gradient: zero.pointer, learningRate: witness.learningRate, in: 0..<weights.count
        )
      }
      #expect(digest.distance(from: weights.elements) > 1e-6, "\(parameter.name)")
      checked += 1
    }
    #expect(checked >= graph.parameters.count / 2)
  }

  /// resnet44 has so many ReLUs that f32 falls on the other side of one somewhere, in PyTorch too,
  /// whose own four f32 runs are 14 times apart: it is compared in Double only.
  @Test(
    "oneDNN in f32 is at most twice as far from float64 as the farthest of PyTorch's f32 runs",
    arguments: Witness.networks.filter { $0 != "resnet44" }, [nil, 1000])
  func inFloat(network: String, imagesOfTiles: Int?) throws {
    let witness = try Witness.load(network)
    let exact = try Self.inDouble.run(witness)
    // With the tiles that four images have, and those that many have.
    let executor = try OneDNNExecutor(threads: 1, imagesOfTiles: imagesOfTiles)
    let ours = try ThreeUpdates(witness, on: executor, recordingImageLosses: true)
    let farthest = try #require(witness.farthestFloat32)
    let change = norm(zip(exact.parameters, exact.start).map { $0 - $1 })
    let moved = norm(zip(ours.parameters, exact.parameters).map { $0 - $1 })
    #expect(moved / change <= 2 * farthest.parameters)
    if let statistics = farthest.statistics {
      #expect(relativeDistance(ours.statistics, exact.statistics) <= 2 * statistics)
    }
    // Twelve losses, four images: few numbers, so PyTorch's runs are up to 3 times apart in losses
    // and 11 times in logits by nothing but the order of their sums.
    let losses = relativeDistance(ours.imageLosses, witness.losses.flatMap(\.perImage))
    #expect(losses <= 2 * farthest.losses)
    #expect(relativeDistance(ours.logits, exact.logits) <= 2 * farthest.logits)
  }
}

/// Runs of the reference executor, each made once; the suite is serialized.
private final class ResultCache: @unchecked Sendable {
  private var results: [String: ThreeUpdates] = [:]

  func run(_ witness: Witness) throws -> ThreeUpdates {
    if let result = results[witness.network] { return result }
    let result = try ThreeUpdates(witness, on: ReferenceExecutor<Double>())
    results[witness.network] = result
    return result
  }
}
