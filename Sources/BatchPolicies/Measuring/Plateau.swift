/// Grows where the training loss has stopped falling.
///
/// The loss has not made progress when it is not below (1 − ``threshold``) times the best one
/// before, for ``patience`` decisions in a row since the size last changed. The batch then takes
/// the next size of the lattice, in the place of a rate that would be lowered. Schedulers in the
/// manner of PyTorch's `ReduceLROnPlateau`, bs-scheduler's too, wait for one more.
///
/// > Source: what `--resize-freq` of NVlabs' `adabatch_cifar.py` promises in its help and does not
/// > do; Flair's `batch_growth_annealing`; `IncreaseBSOnPlateau` of bs-scheduler 1.0.
public struct Plateau: SizeRule {
  public static let measures: Measures = []
  public static let mayShrink = false

  /// The share of the best loss that counts as progress.
  public var threshold: Double
  /// Decisions without progress.
  public var patience: Int

  public init(threshold: Double = 0.01, patience: Int = 3) {
    self.threshold = threshold
    self.patience = patience
  }

  public func check() throws(PolicyError) {
    try require(
      threshold >= 0 && threshold < 1, "threshold", threshold.short, needs: "from 0 to below 1",
      fix: "0.01 counts a hundredth of the loss as progress")
    try require(
      patience >= 1, "patience", patience, needs: "1 decision or more", fix: "3 is usual")
  }

  public func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading {
    guard let (last, best, waited) = progress(signals) else {
      return .nothing("training loss", "a stretch of training has to be seen first")
    }
    var evidence = Evidence(signal: "training loss")
    (evidence.value, evidence.threshold) = (last, best * (1 - threshold))
    let text =
      "training loss \(last.rounded(digits: 4)), \(waited) of \(patience) decisions without progress"
    let next = signals.current.flatMap { lattice.next(above: $0.batchSize, signals) }
    guard waited >= patience else {
      return Reading(.none("no plateau yet"), text: text, evidence: evidence)
    }
    guard let next else {
      return Reading(.none("there is no larger size"), text: text, evidence: evidence)
    }
    return Reading(.exactly(next), text: text, evidence: evidence)
  }

  /// The newest loss, the best one, and for how many decisions there has been no progress.
  private func progress(_ signals: Signals) -> (last: Double, best: Double, waited: Int)? {
    let losses = signals.history.losses
    guard let last = losses.last else { return nil }
    let since = losses.suffix(signals.decisionsSinceChange + 1)
    var best = losses.dropLast(since.count).min() ?? .infinity
    var waited = 0
    for loss in since {
      let isProgress = loss < best * (1 - threshold)
      waited = isProgress ? 0 : waited + 1
      if isProgress { best = loss }
    }
    return (last, best, waited)
  }
}
