import BatchPolicies
import RunRecords

/// The loss over a stretch of updates, as the guard compares it with the one before.
package struct GuardedLoss {
  /// A mean of fewer has no standard error worth the name.
  package static let fewestUpdates = 5
  /// Standard errors that the difference has to be above 0 by: one in 700 by chance alone.
  private static let errors = 3.0
  /// The share of the loss that it has to have grown by, too.
  private static let leastGrowth = 0.05
  /// The share that is too much, however the losses scatter: a few that are huge scatter the most.
  private static let mostGrowth = 0.5

  let count: Int
  let mean: Double
  /// nil of fewer than ``fewestUpdates``.
  let standardError: Double?

  /// Means over images; each update is one observation.
  package init(_ updates: [UpdateSignals]) {
    count = updates.count
    let images = updates.reduce(0.0) { $0 + Double($1.images) }
    let sum = updates.reduce(0.0) { $0 + Double($1.images) * $1.loss }
    let mean = images > 0 ? sum / images : 0
    self.mean = mean
    guard updates.count >= Self.fewestUpdates else {
      standardError = nil
      return
    }
    let squares = updates.reduce(0.0) { sum, update in
      sum + Double(update.images) * (update.loss - mean) * (update.loss - mean)
    }
    standardError = (squares / (Double(updates.count - 1) * images)).squareRoot()
  }

  /// What shows that the loss is clearly above the one before the growth; nil where it is not.
  package func worse(than watch: CourseState.Watch) -> Evidence? {
    let evidence = evidence(against: watch)
    guard standardError != nil, let threshold = evidence.threshold, mean > threshold else {
      return nil
    }
    return evidence
  }

  /// The loss after the growth, and the most that it may have been.
  func evidence(against watch: CourseState.Watch) -> Evidence {
    let own = standardError ?? 0
    let error = (own * own + watch.errorBefore * watch.errorBefore).squareRoot()
    var evidence = Evidence(signal: "training loss after the growth")
    evidence.value = count > 0 ? mean : nil
    if standardError != nil {
      (evidence.lower, evidence.upper) = (mean - 1.96 * own, mean + 1.96 * own)
    }
    let before = watch.meanBefore
    evidence.threshold =
      before
      + min(max(Self.errors * error, Self.leastGrowth * before), Self.mostGrowth * before)
    return evidence
  }
}
