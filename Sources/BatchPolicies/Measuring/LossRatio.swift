/// Grows as the training loss falls: B = ⌈B₀·F(x₀)/F(xₖ)⌉.
///
/// F(x₀) is the loss of the run's first update and F(xₖ) the mean over the stretch since the last
/// decision: the source has the loss of the whole training set, which nobody can pay for. Where the
/// loss rises, the batch shrinks.
///
/// > Source: Sievert and Shah 2021, "Improving the convergence of SGD through adaptive batch sizes",
/// > arXiv:1910.08222, AdaDamp.
public struct LossRatio: SizeRule {
  public static let measures: Measures = []
  public static let mayShrink = true

  public init() {}

  public func check() throws(PolicyError) {}

  public func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
    guard let first = signals.history.firstLoss, let last = signals.history.losses.last else {
      return .nothing("training loss", "a stretch of training has to be seen first")
    }
    var evidence = Evidence(signal: "training loss")
    (evidence.value, evidence.threshold) = (last, first)
    let text = "training loss \(last.rounded(digits: 4)) of \(first.rounded(digits: 4)) at first"
    guard last > 0 else {
      return Reading(.none("a loss of 0 has no ratio"), text: text, evidence: evidence)
    }
    return Reading(
      .about((Double(lattice.initial) * first / last).rounded(.up)), text: text,
      evidence: evidence)
  }
}
