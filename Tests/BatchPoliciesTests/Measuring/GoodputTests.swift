import BatchPolicies
import Testing

@Suite("Goodput")
struct GoodputTests {
  private let sizes = [64, 128, 256, 512, 1024]
  /// Of a noise scale of 211 images: larger batches are worth it for a while.
  private let window = ModelProblem(gradient: [0.3, -0.1, 0.05, 0.2])
    .updates(4000, of: [8, 8, 8, 8], seed: 9)

  private func noise() throws -> Double { try #require(NoiseEstimate(window)).noiseScale.value }

  /// Signals of updates of 32 images that cost so many seconds each, and for every image.
  private func signals(batch: Int, perUpdate: Double, perImage: Double) -> Signals {
    var updates = window
    for index in updates.indices {
      updates[index].seconds = StepSeconds(passes: 32 * perImage, perUpdate: perUpdate)
    }
    return Signals(batch: batch, updates: updates)
  }

  /// Images per second, times (φ + B₀) / (φ + B).
  private func goodput(_ size: Int, _ perUpdate: Double, _ perImage: Double) throws -> Double {
    let noise = try noise()
    let size = Double(size)
    return size / (perUpdate + perImage * size) * (noise + 64) / (noise + size)
  }

  @Test(
    "takes the size with the most progress per second, found by trying all",
    arguments: [(1e-7, 1e-5), (1e-3, 1e-5), (1e-2, 1e-5), (1, 1e-5), (1e-2, 1e-6)], [64, 256, 1024])
  func best(seconds: (perUpdate: Double, perImage: Double), current: Int) throws {
    func goodput(_ size: Int) throws -> Double {
      try self.goodput(size, seconds.perUpdate, seconds.perImage)
    }
    let decision = try policy(Goodput())
      .decision(
        for: signals(batch: current, perUpdate: seconds.perUpdate, perImage: seconds.perImage))
    let best = try #require(try sizes.max { try goodput($0) < goodput($1) })
    let speedup = try goodput(best) / goodput(current)
    #expect(decision.batchSize == (speedup > 1.05 ? best : current))
    let alternatives = try #require(decision.evidence).alternatives
    for alternative in alternatives where alternative.batchSize >= 64 {
      #expect(abs(try #require(alternative.score) / goodput(alternative.batchSize) - 1) < 1e-9)
    }
    // Never below the initial size.
    #expect(alternatives.filter { $0.batchSize < 64 }.allSatisfy { $0.score == nil })
  }

  @Test("changes for more than the threshold, and says by how much it would be faster")
  func threshold() throws {
    let signals = signals(batch: 64, perUpdate: 1e-2, perImage: 1e-5)
    let best = try #require(try sizes.max { try goodput($0, 1e-2, 1e-5) < goodput($1, 1e-2, 1e-5) })
    let speedup = try goodput(best, 1e-2, 1e-5) / goodput(64, 1e-2, 1e-5)
    #expect(best > 64 && speedup > 1.1)
    let eager = try policy(Goodput(threshold: speedup - 1e-6)).decision(for: signals)
    #expect(eager.batchSize == best)
    #expect(eager.reason.contains("progress per second × "))
    #expect(eager.reason.contains("with batch \(best): batch 64 × \(best / 64) = \(best)"))
    let choosy = try policy(Goodput(threshold: speedup + 1e-6)).decision(for: signals)
    #expect(choosy.batchSize == 64)
    #expect(choosy.reason.contains("; batch \(best) would be × "))
  }

  @Test("never takes a size that the guard has marked, however fast it would be")
  func marked() throws {
    var signals = signals(batch: 64, perUpdate: 0.1, perImage: 1e-5)
    #expect(try policy(Goodput()).decision(for: signals).batchSize > 128)
    signals.marked = [256]
    let decision = try policy(Goodput()).decision(for: signals)
    #expect(decision.batchSize == 128)
    #expect(decision.evidence?.alternatives.last?.score == nil)
  }

  @Test("decides nothing before updates were timed, nor before the noise is known")
  func unknown() throws {
    let untimed = try policy(Goodput()).decision(for: Signals(batch: 64, updates: window))
    #expect(untimed.reason.hasSuffix("batch stays 64; no update was timed yet"))
    var few = signals(batch: 64, perUpdate: 0.1, perImage: 1e-5)
    few.history.updates = Array(few.history.updates.prefix(7))
    #expect(try policy(Goodput()).decision(for: few).batchSize == 64)
    #expect(Goodput.measures == [.gradientNorms, .seconds])
  }
}
