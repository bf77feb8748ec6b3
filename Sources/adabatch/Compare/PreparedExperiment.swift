import AdaBatch

/// An experiment with the settings of its runs, and what can be said of them together.
struct PreparedExperiment {
  let experiment: Experiment
  let runs: [ExperimentRun]
  let comparability: Comparability

  /// - Parameters:
  ///   - directory: of the runs.
  ///   - problems: takes what is wrong with settings, and what keeps arms from being compared. The
  ///     runs are those whose settings are right, so that more can be said of them at once.
  init(_ experiment: Experiment, in directory: String, _ problems: inout NotReady) throws {
    var runs: [ExperimentRun] = []
    for seed in experiment.seeds {
      for arm in experiment.arms {
        let name = experiment.runName(arm, seed: seed)
        do {
          let settings = try ArmSettings(arm, seed: seed)
            .settings(at: RunDirectory.file(name, in: directory))
          // What the numbers of a policy and a network come to is seen without images.
          _ = try settings.outline(ranks: arm.ranks)
          runs.append(ExperimentRun(arm: arm, seed: seed, name: name, settings: settings))
        } catch {
          problems.add(experiment.runPrefix + arm.name, error)
        }
      }
    }
    let comparability = try Comparability(runs, allowing: experiment.allowedDifferences)
    for refusal in comparability.refusals {
      problems.add(
        experiment.name,
        "\(refusal)\n  fix: give all arms the same, or list it in allow-differences", 64)
    }
    (self.experiment, self.runs, self.comparability) = (experiment, runs, comparability)
  }
}
