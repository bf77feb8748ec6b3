import Experiments
import RunRecords
import Testing

@Suite("A speedup and its causes")
struct SpeedupSplitTests {
  private func split(_ arm: [Double], _ baseline: [Double], ranks: Int = 1) throws -> SpeedupSplit {
    try withExperiment { experiment, runs, made in
      for run in runs {
        let isArm = run.arm.name == "adabatch"
        try made.write(
          run, .init(seconds: isArm ? arm : baseline, ranks: isArm ? ranks : 1))
      }
      let comparison = try Comparison(experiment, runs, made)
      return try #require(comparison.differences.first?.speedup)
    }
  }

  private func product(_ split: SpeedupSplit) -> Double {
    split.updates * split.kernels * split.images * split.communication * split.data * split.rest
  }

  @Test(
    "multiply to the total, whatever the parts",
    arguments: [
      ([1.0, 2, 0.5, 0.1, 0, 4], [1.0, 2, 0.5, 0.1, 0, 4]),
      ([1.0, 2, 0.2, 0.1, 0, 3.7], [1.0, 2, 0.5, 0.1, 0, 4]),
      ([0.1, 0.2, 0, 0, 0, 0.4], [5.0, 9, 0.5, 0.1, 3, 40]),
      ([9.0, 9, 9, 9, 9, 99], [0.1, 0.1, 0, 0, 0, 0.5]),
    ], [1, 3])
  func multiply(seconds: ([Double], [Double]), ranks: Int) throws {
    let split = try split(seconds.0, seconds.1, ranks: ranks)
    #expect(abs(split.total - seconds.1[5] / seconds.0[5]) < 1e-9 * split.total)
    #expect(abs(product(split) / split.total - 1) < 1e-9)
  }

  @Test("leave a cause at 1 in which nothing is different")
  func oneCause() throws {
    let same = [1.0, 2, 0.5, 0.1, 0.2, 4]
    var fewer = same
    (fewer[2], fewer[5]) = (0.1, 3.6)
    let updates = try split(fewer, same)
    #expect(abs(updates.updates - 4 / 3.6) < 1e-9)
    for factor in [
      updates.kernels, updates.images, updates.communication, updates.data, updates.rest,
    ] {
      #expect(abs(factor - 1) < 1e-9)
    }
    var reductions = same
    (reductions[4], reductions[5]) = (0, 3.8)
    #expect(abs(try split(reductions, same).communication - 4 / 3.8) < 1e-9)
  }

  @Test("tell kernels from images that ranks share")
  func ranks() throws {
    // Half the passes' time on two ranks: the kernels are as fast as they were.
    let shared = try split([0.5, 1, 0, 0, 0, 1.5], [1, 2, 0, 0, 0, 3], ranks: 2)
    #expect(abs(shared.images - 2) < 1e-9 && abs(shared.kernels - 1) < 1e-9)
  }
}
