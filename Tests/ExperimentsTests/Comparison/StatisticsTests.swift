import Experiments
import Foundation
import Testing

@Suite("Statistics of a comparison")
struct StatisticsTests {
  @Test(
    "Student's t has the numbers of its tables",
    arguments: [
      (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (10, 2.228),
      (20, 2.086), (30, 2.042), (120, 1.980),
    ])
  func quantiles(degreesOfFreedom: Int, expected: Double) {
    let quantile = StudentT.quantile(0.975, degreesOfFreedom: degreesOfFreedom)
    #expect(abs(quantile - expected) < 5.1e-4)
  }

  @Test("an interval is of three values or more, ± t·s/√n about their mean")
  func interval() throws {
    #expect(Interval(meanOf: [1, 2]) == nil)
    let interval = try #require(Interval(meanOf: [1, 2, 3]))
    let reach = 4.302652729911275 / 3.0.squareRoot()
    #expect(abs(interval.lower - (2 - reach)) < 1e-9)
    #expect(abs(interval.upper - (2 + reach)) < 1e-9)
    #expect(Interval(meanOf: [5, 5, 5]) == Interval(lower: 5, upper: 5))
  }

  @Test("intervals of samples have the mean in 95 of 100 cases")
  func coverage() {
    var generator = SystemRandomNumberGenerator()
    let hits = (0..<4000).count { _ in
      // Sums of twelve are as good as normal.
      let sample = (0..<4).map { _ in
        (0..<12).reduce(0.0) { sum, _ in sum + Double.random(in: -0.5..<0.5, using: &generator) }
      }
      return Interval(meanOf: sample)?.contains(0) == true
    }
    // Six deviations of a binomial count.
    #expect(abs(hits - 3800) < 83)
  }

  @Test("McNemar's exact p is the sum of the binomials, one by one", arguments: 0...25)
  func exact(count: Int) {
    var row = [1.0]
    for _ in 0..<count { row = zip([0] + row, row + [0]).map(+) }
    let all = row.reduce(0, +)
    for one in 0...count {
      let other = count - one
      // Every split at least as uneven.
      let uneven = (0...count).filter { abs(2 * $0 - count) >= abs(one - other) }
      let expected = uneven.reduce(0) { $0 + row[$1] } / all
      let p = McNemar(images: 100, onlyBaseline: one, onlyOther: other).p
      #expect(abs(p - expected) < 1e-12, "\(one) of \(count)")
    }
  }

  @Test(
    "McNemar's test has the numbers of exact fractions, also of many images",
    arguments: [
      (10, 2, 0.03857421875, 0.04330814281079198),
      (150, 86, 3.715936139571442e-05, 4.1145622813459415e-05),
      (1000, 900, 0.02310884510890107, 0.02313391951075514),
      (5000, 5200, 0.04878796312682245, 0.048793277298094635),
      (0, 6, 0.03125, 0.041226833337163676), (0, 0, 1, 1),
      (700, 300, 1.7665678007950136e-37, 1.691308622951783e-36),
    ])
  func fractions(onlyBaseline: Int, onlyOther: Int, p: Double, approximate: Double) {
    let test = McNemar(images: 20_000, onlyBaseline: onlyBaseline, onlyOther: onlyOther)
    #expect(abs(test.p / p - 1) < 1e-9)
    #expect(abs(test.approximateP / approximate - 1) < 1e-9)
    #expect(test.difference == Double(onlyOther - onlyBaseline) / 200)
  }

  @Test("McNemar's interval is Agresti and Min's, and has the difference in it")
  func accuracyInterval() {
    // Half an image more in each cell: 25.5 and 15.5 of 102, variance (41 − 100/102)/102².
    let test = McNemar(images: 100, onlyBaseline: 15, onlyOther: 25)
    let reach = 1.959963984540054 * ((41 - 100.0 / 102) / 102 / 102).squareRoot()
    #expect(abs(test.interval.lower - 100 * (10.0 / 102 - reach)) < 1e-9)
    #expect(abs(test.interval.upper - 100 * (10.0 / 102 + reach)) < 1e-9)
    #expect(test.interval.contains(test.difference))
    let same = McNemar(images: 10_000, onlyBaseline: 0, onlyOther: 0).interval
    #expect(same.lower < 0 && same.upper == -same.lower && same.upper < 0.02)
  }

  @Test("McNemar counts images that one alone classifies right")
  func counts() {
    let test = McNemar(
      labels: [0, 1, 2, 3, 4], baseline: [0, 1, 0, 0, 1], other: [0, 0, 2, 3, 2])
    #expect((test.images, test.onlyBaseline, test.onlyOther) == (5, 1, 2))
  }
}
