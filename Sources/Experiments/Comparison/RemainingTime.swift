/// Predicts how long the runs of an experiment will still take, from those that have come to their
/// end.
///
/// An epoch takes what one of the same arm took; where that has not run, the mean of the network's;
/// where that is new too, the mean of all.
public struct RemainingTime: Sendable {
  private let runs: [ExperimentRun]
  private var secondsOfEpoch: [(run: ExperimentRun, seconds: Double)] = []

  /// - Parameter runs: in the order in which they are trained.
  public init(_ runs: [ExperimentRun]) { self.runs = runs }

  public mutating func finished(_ run: ExperimentRun, seconds: Double) {
    secondsOfEpoch.append((run, seconds / Double(run.settings.epochs)))
  }

  /// Seconds of the runs behind `current`; nil before anything is known.
  ///
  /// - Parameter seconds: what the current run is expected to take as a whole.
  public func seconds(after current: ExperimentRun, taking seconds: Double) -> Double? {
    guard let index = runs.firstIndex(of: current) else { return nil }
    var known = self
    known.finished(current, seconds: seconds)
    return runs[(index + 1)...].reduce(0) { sum, run in
      sum + known.secondsOfEpoch(of: run) * Double(run.settings.epochs)
    }
  }

  private func secondsOfEpoch(of run: ExperimentRun) -> Double {
    let sameArm = secondsOfEpoch.filter { $0.run.arm == run.arm }
    let sameNetwork = secondsOfEpoch.filter { $0.run.settings.network == run.settings.network }
    let nearest = !sameArm.isEmpty ? sameArm : !sameNetwork.isEmpty ? sameNetwork : secondsOfEpoch
    return nearest.map(\.seconds).mean ?? 0
  }
}
