import RunRecords

/// One arm with one seed: a training, and where it is kept.
public struct ExperimentRun: Sendable, Equatable {
  public let arm: Experiment.Arm
  public let seed: UInt64
  /// The directory's name.
  public let name: String
  /// With every default filled in.
  public let settings: TrainingSettings

  public init(arm: Experiment.Arm, seed: UInt64, name: String, settings: TrainingSettings) {
    (self.arm, self.seed, self.name, self.settings) = (arm, seed, name, settings)
  }

  public var ranks: Int { arm.ranks }
}

extension Experiment {
  /// The runs in the order in which they are trained: all arms with the first seed, then with the
  /// next, so that there is something to compare soon.
  ///
  /// - Parameter resolve: what an arm's settings come to, with a seed.
  public func runs<Failure: Error>(
    resolving resolve: (Arm, UInt64) throws(Failure) -> TrainingSettings
  ) throws(Failure) -> [ExperimentRun] {
    var runs: [ExperimentRun] = []
    for seed in seeds {
      for arm in arms {
        runs.append(
          ExperimentRun(
            arm: arm, seed: seed, name: runName(arm, seed: seed),
            settings: try resolve(arm, seed)))
      }
    }
    return runs
  }
}
