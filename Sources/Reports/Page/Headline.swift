/// The sentence that a report begins with.
struct Headline {
  let groups: [RunGroup]

  var text: String {
    let sentences = groups.compactMap(comparison).prefix(3)
    return sentences.isEmpty ? summary : sentences.joined(separator: " ")
  }

  /// What the adaptive run kept and saved, each with its sign, also where it lost.
  private func comparison(_ group: RunGroup) -> String? {
    guard let run = group.runs.first(where: { $0.kind.isAdaptive && $0.isFinished }),
      let base = group.smallestFixed, base.isFinished,
      let best = run.bestAccuracy, let points = difference(best, base.bestAccuracy)
    else { return nil }
    let updates = ratio(run.updates, base.updates).map { change($0, "updates") }
    let seconds = ratio(run.times.total, base.times.total).map { change($0, "seconds") }
    let costs = [updates, seconds].compactMap(\.self).joined(separator: " and ")
    return "\(group.title): \(run.label) came to \(rounded(best, 2)) % at best, "
      + "\(signed(points)) points against \(base.label)"
      + (costs.isEmpty ? "." : ", with \(costs).")
  }

  private var summary: String {
    let runs = groups.flatMap(\.runs)
    let unfinished = runs.filter { !$0.isFinished }.count
    let state = unfinished == 0 ? "" : ", \(unfinished) of them unfinished"
    let leader = runs.filter { $0.bestAccuracy != nil }
      .max { ($0.bestAccuracy ?? 0) < ($1.bestAccuracy ?? 0) }
    let count = runs.count == 1 ? "One run" : "\(runs.count) runs"
    guard let leader, let best = leader.bestAccuracy else {
      return "\(count)\(state), and no epoch yet."
    }
    return "\(count)\(state); the highest test accuracy so far is \(rounded(best, 2)) %, "
      + "of \(leader.label)."
  }

  private func change(_ ratio: Double, _ what: String) -> String {
    let percent = 100 * (ratio - 1)
    if abs(percent) < 0.5 { return "as many \(what)" }
    return "\(rounded(abs(percent), 0)) % \(percent < 0 ? "fewer" : "more") \(what)"
  }

  private func signed(_ value: Double) -> String {
    (value < 0 ? "−" : "+") + rounded(abs(value), 2)
  }
}
