/// How sure a rule has to be of a noise before it decides.
struct NoiseBelief {
  /// Half of the 95 % interval as a share of the value, at most.
  let maxInterval: Double

  static let usual = 0.5

  func check() throws(PolicyError) {
    try require(
      maxInterval > 0 && maxInterval.isFinite, "maxInterval", maxInterval.short,
      needs: "a finite number above 0", fix: "0.5 believes what is known to a half")
  }

  /// A reading of what an estimate says, where it is sure enough.
  ///
  /// - Parameters:
  ///   - pick: the ratio that the rule goes by.
  ///   - wish: what it asks for, from the ratio.
  func reading(
    _ signal: String, _ signals: Signals, pick: (NoiseEstimate) -> RatioEstimate,
    wish: (NoiseEstimate, RatioEstimate) -> Reading.Wish
  ) -> Reading {
    guard let estimate = NoiseEstimate(signals.history.updates) else {
      return .nothing(
        signal,
        "\(NoiseEstimate.fewestUpdates) updates of two micro-batches or more have to be seen first")
    }
    let ratio = pick(estimate)
    let text = "\(signal) \(ratio.text)"
    guard let width = ratio.relativeWidth, width <= maxInterval else {
      let needed = "an interval of ± \((100 * maxInterval).rounded(digits: 3)) % is needed"
      let known = ratio.relativeWidth.map { "it is ± \((100 * $0).rounded(digits: 3)) %" }
      return Reading(
        .none("\(needed), and \(known ?? "it has no bounds")"), text: text,
        evidence: ratio.evidence(signal))
    }
    return Reading(wish(estimate, ratio), text: text, evidence: ratio.evidence(signal))
  }
}
