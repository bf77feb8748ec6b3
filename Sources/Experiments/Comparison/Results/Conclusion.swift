import Foundation

/// The answer to an experiment's question in one sentence, also where it is not the one hoped for.
struct Conclusion {
  /// Accuracy that counts as kept, in percent points: what single runs differ by from seed to seed.
  static let margin = 1.0

  private let subject: String
  private let baseline: String
  private let difference: ArmDifference?
  private let marks: [Comparability.Mark]

  init(
    _ experiment: Experiment, _ differences: [ArmDifference], _ marks: [Comparability.Mark]
  ) {
    (subject, baseline) = (phrase(experiment.subject), phrase(experiment.baseline))
    difference = differences.first { $0.arm == experiment.subject }
    self.marks = marks
  }

  var sentence: String {
    guard let difference else {
      return
        "There is nothing to say yet: \(subject) and \(baseline) have no finished seed in common."
    }
    return
      "\(start(of: difference.accuracy)) (\(certainty(of: difference.accuracy))) \(cost(difference))\(reservation)."
      .capitalizingFirst
  }

  private func start(of accuracy: AccuracyDifference) -> String {
    let points = "\(number(abs(accuracy.points))) points"
    guard let interval = accuracy.interval else {
      return "\(subject) ended \(points) \(accuracy.points < 0 ? "below" : "above") \(baseline)"
    }
    if interval.upper < 0 { return "\(subject) lost \(points) of \(baseline)'s accuracy" }
    if interval.lower > 0 { return "\(subject) was more accurate than \(baseline) by \(points)" }
    if interval.lower >= -Self.margin {
      return "\(subject) kept \(baseline)'s accuracy to within \(signed(accuracy.points)) points"
    }
    return "\(subject) cannot be told apart from \(baseline) in accuracy, at"
      + " \(signed(accuracy.points)) points"
  }

  private func certainty(of accuracy: AccuracyDifference) -> String {
    let count = "n = \(accuracy.count)"
    guard let interval = accuracy.interval else {
      let tests = accuracy.seeds.compactMap(\.mcNemar).map { String(format: "%.2g", $0.p) }
      let words = tests.isEmpty ? "" : "; McNemar p = \(tests.joined(separator: ", "))"
      return "\(count), no interval\(accuracy.count == 2 ? " over seeds" : "")\(words)"
    }
    let ends = "95 % \(signed(interval.lower))…\(signed(interval.upper))"
    return "\(ends), \(count)\(accuracy.basis == .testImages ? ", test images only" : " seeds")"
  }

  private func cost(_ difference: ArmDifference) -> String {
    let updates = "with \(times(difference.updates)) the updates"
    let time = "\(times(difference.time)) the time"
    let isWorse = difference.updates < 0.995 && difference.time > 1.005
    return updates + (isWorse ? ", but " : " and ") + time
  }

  private var reservation: String {
    let names = marks.filter { $0.effect != .accuracy }.map(\.name)
    return names.isEmpty ? "" : "; mind the marks: \(names.joined(separator: ", "))"
  }
}

/// An arm as a sentence has it.
private func phrase(_ arm: String) -> String {
  switch arm {
  case "adabatch": "AdaBatch"
  case "smallest": "the smallest batch"
  case "largest": "the largest batch"
  default: arm
  }
}

private func number(_ value: Double) -> String { String(format: "%.2f", value) }

/// With its sign, a real minus.
func signed(_ value: Double) -> String {
  let text = number(abs(value))
  return text == "0.00" ? text : (value < 0 ? "−" : "+") + text
}

private func times(_ value: Double) -> String { String(format: "%.2f×", value) }

extension String {
  fileprivate var capitalizingFirst: String { prefix(1).uppercased() + dropFirst() }
}
