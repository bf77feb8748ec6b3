import Experiments
import Foundation
import RunRecords
import Testing

@Suite("A comparison of runs")
struct ComparisonTests {
  typealias Numbers = MadeRuns.Numbers

  /// Compares an arm `adabatch` with the usual numbers of `smallest`.
  private func compared(
    _ numbers: [Numbers], with baseline: [Numbers] = [Numbers()], accuracies: [Double] = []
  ) throws -> Comparison {
    let seeds = numbers.indices.map { UInt64($0 + 1) }
    return try withExperiment(seeds: seeds, accuracies: accuracies) { experiment, runs, made in
      for run in runs {
        let own = run.arm.name == "adabatch" ? numbers : baseline
        try made.write(run, own[min(Int(run.seed) - 1, own.count - 1)])
      }
      return try Comparison(experiment, runs, made)
    }
  }

  @Test("with one seed it pairs test images, and says that it does")
  func oneSeed() throws {
    // 60 of 100 images right in both; the one has two that the other lacks, and lacks one.
    let comparison = try compared([
      Numbers(
        accuracies: [50, 59], updates: 39, seconds: [1, 1.8, 0.2, 0.1, 0, 3.8], right: 1..<60)
    ])
    let difference = try #require(comparison.differences.first)
    #expect(difference.accuracy.points == -1 && difference.accuracy.basis == .testImages)
    #expect(difference.accuracy.seeds.first?.mcNemar?.onlyBaseline == 1)
    #expect(difference.accuracy.seeds.first?.mcNemar?.onlyOther == 0)
    #expect(abs(difference.updates - 0.39) < 1e-12 && abs(difference.time - 0.95) < 1e-12)
    #expect(
      comparison.conclusion == """
        AdaBatch cannot be told apart from the smallest batch in accuracy, at −1.00 points \
        (95 % −3.69…+1.73, n = 1, test images only) with 0.39× the updates and 0.95× the time.
        """)
  }

  @Test("with two seeds it gives no interval, and the tests of each")
  func twoSeeds() throws {
    let worse = Numbers(accuracies: [50, 57], seconds: [1, 2, 0.5, 0.1, 0, 4.4], right: 3..<60)
    let comparison = try compared([worse, Numbers()])
    let accuracy = try #require(comparison.differences.first?.accuracy)
    #expect(accuracy.interval == nil && accuracy.basis == .none && accuracy.seeds.count == 2)
    #expect(
      comparison.conclusion == """
        AdaBatch ended 1.50 points below the smallest batch (n = 2, no interval over seeds; \
        McNemar p = 0.25, 1) with 1.00× the updates and 1.05× the time.
        """)
    #expect(comparison.armTable.notes.contains { $0.hasPrefix("n = 2: no interval") })
  }

  @Test("from three seeds on it has Student's interval of the paired differences")
  func threeSeeds() throws {
    let ends = [60.1, 60.3, 60.2]
    let comparison = try compared(
      ends.map { Numbers(accuracies: [50, $0], updates: 39, seconds: [1, 2, 0.5, 0.1, 0, 4.4]) })
    let accuracy = try #require(comparison.differences.first?.accuracy)
    let expected = try #require(accuracy.interval)
    #expect(accuracy.basis == .seeds && abs(accuracy.points - 0.2) < 1e-9)
    #expect(
      abs(expected.upper - expected.lower - 2 * 4.302652729911275 * 0.1 / 3.0.squareRoot()) < 1e-9)
    #expect(
      comparison.conclusion == """
        AdaBatch kept the smallest batch's accuracy to within +0.20 points (95 % −0.05…+0.45, \
        n = 3 seeds) with 0.39× the updates, but 1.10× the time.
        """)
  }

  @Test("says a loss as plainly as a win")
  func lossAndWin() throws {
    func sentence(_ ends: [Double]) throws -> String {
      try compared(ends.map { Numbers(accuracies: [50, $0]) }).conclusion
    }
    #expect(
      try sentence([50.0, 50.2, 50.1]).hasPrefix(
        "AdaBatch lost 9.90 points of the smallest batch's accuracy (95 % "))
    #expect(
      try sentence([65.0, 65.2, 65.1]).hasPrefix(
        "AdaBatch was more accurate than the smallest batch by 5.10 points (95 % +"))
  }

  @Test("finds the first epoch of each accuracy, with the time and the updates until then")
  func targets() throws {
    let comparison = try compared([Numbers(accuracies: [62, 70])], accuracies: [55, 60, 65])
    let arms = Dictionary(uniqueKeysWithValues: comparison.arms.map { ($0.name, $0.targets) })
    #expect(arms["adabatch"]?.map(\.updates) == [50, 50, 100])
    #expect(arms["adabatch"]?.map(\.seconds) == [4, 4, 8])
    #expect(arms["smallest"]?.map(\.updates) == [100, 100, nil])
    #expect(arms["smallest"]?.map(\.runs) == [1, 1, 0])
    #expect(try compared([Numbers()]).accuracies == [54, 57, 59.4])
  }

  @Test("does without runs that are missing, unfinished, other or damaged, and names them")
  func incomplete() throws {
    let arms = ["adabatch", "smallest", "none", "begun", "other", "torn"]
    try withExperiment(arms: arms) { experiment, runs, made in
      for run in runs where run.arm.name != "none" {
        var numbers = Numbers()
        if run.arm.name == "begun" { numbers.isFinished = false }
        try made.write(run, numbers) { record in
          if run.arm.name == "other" { record.settings.momentum = 0.5 }
        }
      }
      let torn = "\(made.folder)/torn-seed1/epochs.jsonl"
      try Data("{}\n".utf8).write(to: URL(filePath: torn))
      let comparison = try Comparison(experiment, runs, made)
      #expect(
        comparison.missing == [
          "none-seed1: no run", "begun-seed1: not finished",
          "other-seed1: has other settings: momentum: 0.5 → 0.9",
        ])
      #expect(comparison.damages.count == 1)
      #expect(comparison.damages[0].hasPrefix("torn-seed1: cannot read line 1 of \(torn): "))
      #expect(comparison.differences.map(\.arm) == ["adabatch"])
    }
  }

  @Test("is the same JSON and tables whenever it is made again")
  func again() throws {
    try withExperiment { experiment, runs, made in
      for run in runs { try made.write(run, Numbers()) }
      let first = try Comparison(experiment, runs, made)
      #expect(try Comparison(experiment, runs, made) == first)
      let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(first))
      #expect((json as? [String: Any])?["conclusion"] as? String == first.conclusion)
      #expect(first.tables.map(\.name) == first.tables.map(\.name).map { $0.lowercased() })
      for table in first.tables {
        #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.name)")
      }
    }
  }
}
