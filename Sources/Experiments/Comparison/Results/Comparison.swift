import RunRecords

/// What an experiment came to: its arms, their differences from the baseline, and the answer.
///
/// Made of run directories alone, so it can be made again at any time.
public struct Comparison: Encodable, Sendable, Equatable {
  public let experiment: Experiment
  /// Test accuracies, in percent, whose first epochs are compared.
  public let accuracies: [Double]
  /// In the order of the experiment.
  public let arms: [ArmResult]
  /// The other arms beside the baseline; none where no seed is finished in both.
  public let differences: [ArmDifference]
  /// What has to be borne in mind.
  public let marks: [Comparability.Mark]
  /// Runs that there are not, or not to their end.
  public let missing: [String]
  /// Runs that cannot be read, each with the reason.
  public let damages: [String]
  /// One sentence, with its uncertainty.
  public let conclusion: String

  /// Shares of the baseline's final accuracy that are compared where no accuracies are given.
  public static let usualShares = [0.9, 0.95, 0.99]

  /// Reads the runs of an experiment.
  ///
  /// - Parameters:
  ///   - runs: of the experiment.
  ///   - directory: that theirs are in.
  ///   - comparability: of their settings.
  public init(
    _ experiment: Experiment, _ runs: [ExperimentRun], in directory: String,
    _ comparability: Comparability
  ) {
    var reading = Reading()
    for run in runs { reading.read(run, in: directory) }
    let outcomes = reading.outcomes
    let baseline = outcomes.filter { $0.arm == experiment.baseline }
    let final = baseline.map(\.finalAccuracy).mean
    let accuracies =
      experiment.accuracies.isEmpty
      ? final.map { final in Self.usualShares.map { $0 * final } } ?? [] : experiment.accuracies
    self.experiment = experiment
    self.accuracies = accuracies
    arms = experiment.arms.map { arm in
      ArmResult(
        runs.filter { $0.arm == arm }, outcomes.filter { $0.arm == arm.name },
        targets: accuracies)
    }
    differences = experiment.otherArms.compactMap { arm in
      ArmDifference(
        arm.name,
        baseline.compactMap { first in
          outcomes.first { $0.arm == arm.name && $0.seed == first.seed }.map { (first, $0) }
        })
    }
    var comparability = comparability
    comparability.mark(outcomes)
    marks = comparability.marks
    (missing, damages) = (reading.missing, reading.damages)
    conclusion = Conclusion(experiment, differences, marks).sentence
  }
}

/// What is found in the runs' directories.
private struct Reading {
  var outcomes: [RunOutcome] = []
  var missing: [String] = []
  var damages: [String] = []

  mutating func read(_ run: ExperimentRun, in folder: String) {
    let path = RunDirectory.file(run.name, in: folder)
    guard RunDirectory.holdsRun(at: path) else { return missing.append("\(run.name): no run") }
    do {
      let directory = try RunDirectory(opening: path)
      let changes = try directory.newestSettings().settings.changes(to: run.settings)
      if !changes.isEmpty {
        let words = changes.map(\.description).joined(separator: ", ")
        missing.append("\(run.name): has other settings: \(words)")
      } else if let outcome = try RunOutcome(run, in: directory) {
        outcomes.append(outcome)
      } else {
        missing.append("\(run.name): not finished")
      }
    } catch {
      damages.append("\(run.name): \(error)")
    }
  }
}
