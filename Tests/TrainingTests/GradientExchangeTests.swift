import Communication
import Executors
import TestSupport
import Testing
import Training

@Suite("Gradients of several ranks")
struct GradientExchangeTests {
  /// Gradients of which no two sums in another order are equal, of 11 parameters, which no number
  /// of ranks here divides.
  private static func gradient(of microBatch: Int) -> [Float] {
    (0..<11).map { Float(1 + formula(tensor: 70 + microBatch, element: $0)) }
  }

  private static func add(_ microBatches: Range<Int>, to sum: inout GradientSum<Float>) {
    sum.begin(at: microBatches.lowerBound)
    for microBatch in microBatches {
      let buffer = sum.takeBuffer()
      for (index, number) in gradient(of: microBatch).enumerated() {
        buffer.pointer[index] = number
      }
      sum.add(buffer, weight: 1)
    }
  }

  @Test("add up to the bits of one rank, for any numbers of both", arguments: 1...13)
  func bits(microBatches: Int) throws {
    let executor = ReferenceExecutor<Float>()
    var alone = GradientSum<Float>(count: 11, executor)
    Self.add(0..<microBatches, to: &alone)
    let expected = alone.finish().elements
    for count in 2...7 {
      let shares = MicroBatchShares(count: microBatches, ranks: count)
      let results = onRanks(count) { ranks -> [[Float]] in
        var sum = GradientSum<Float>(count: 11, executor)
        var exchange = GradientExchange<Float>(count: 11, executor)
        // Twice, for buffers are used again.
        return try (0..<2).map { _ in
          Self.add(shares[ranks.own], to: &sum)
          let total = try exchange.sum(&sum, shares, ranks)
          defer { sum.recycle(total) }
          return total.elements
        }
      }
      for result in results { #expect(try result.get() == [expected, expected], "\(count) ranks") }
    }
  }

  @Test("are shared out as evenly as their number allows, neighbours to one rank")
  func shares() {
    #expect(MicroBatchShares(count: 8, ranks: 3).all == [0..<3, 3..<6, 6..<8])
    #expect(MicroBatchShares(count: 2, ranks: 4).all == [0..<1, 1..<2, 2..<2, 2..<2])
    #expect(MicroBatchShares(count: 2, ranks: 4).idleRanks == 2)
    #expect(MicroBatchShares(count: 4, ranks: 4).idleRanks == 0)
  }

  @Test("are sent as nodes of the tree: one where a rank's share is one")
  func nodes() {
    #expect(SumTree.nodes(of: 0..<8) == [0..<8])
    #expect(SumTree.nodes(of: 3..<6) == [3..<4, 4..<6])
    #expect(SumTree.nodes(of: 5..<11) == [5..<6, 6..<8, 8..<10, 10..<11])
    #expect(SumTree.nodes(of: 2..<2) == [])
  }

  @Test("send what is counted beforehand", arguments: [1, 2, 3, 4, 8, 11])
  func traffic(microBatches: Int) throws {
    for count in 1...5 {
      let shares = MicroBatchShares(count: microBatches, ranks: count)
      let sent = onRanks(count) { ranks -> Traffic in
        let executor = ReferenceExecutor<Float>()
        var sum = GradientSum<Float>(count: 11, executor)
        var exchange = GradientExchange<Float>(count: 11, executor)
        var passed = PassedMicroBatches<Float>()
        Self.add(shares[ranks.own], to: &sum)
        passed.begin(shares)
        for _ in shares[ranks.own] { passed.add(Score(), [1, 2, 3, 4, 5, 6]) }
        // As an update does.
        try ranks.meet()
        if count > 1 {
          try passed.gather(over: ranks, width: 6)
          _ = try exchange.sum(&sum, shares, ranks)
        }
        return ranks.communicator.traffic
      }
      .compactMap { try? $0.get() }
      #expect(sent.count == count)
      let counted = UpdateTraffic(shares, parameterCount: 11, statisticCount: 6)
      #expect(sent.map(\.messages).reduce(0, +) == counted.messages)
      #expect(sent.map(\.bytes).reduce(0, +) == counted.bytes)
    }
  }

  @Test("are as many bytes as the best allreduce sends where every rank has one node")
  func allreduce() {
    let traffic = UpdateTraffic(
      MicroBatchShares(count: 8, ranks: 4), parameterCount: 1000, statisticCount: 0)
    #expect(traffic.gradientBytes == traffic.allreduceBytes)
    #expect(traffic.allreduceBytes == 2 * 3 * 4000)
  }
}
