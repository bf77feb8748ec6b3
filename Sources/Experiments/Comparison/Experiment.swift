import Training

/// Several ways to train, compared with one another: arms, each with the same seeds.
///
/// Settings are in the vocabulary of `adabatch train`, so that a file, a command line and a program
/// say the same in the same words.
public struct Experiment: Codable, Sendable, Equatable {
  /// One of the ways.
  public struct Arm: Codable, Sendable, Equatable {
    public var name: String
    /// By the names of train's options, as text: `["policy": "fixed", "batch-size": "256"]`.
    public var settings: [String: String]
    /// Processes that share each update.
    public var ranks: Int

    public init(_ name: String, _ settings: [String: String], ranks: Int = 1) {
      (self.name, self.settings, self.ranks) = (name, settings, ranks)
    }
  }

  public var name: String
  public var arms: [Arm]
  /// Of each arm.
  public var seeds: [UInt64]
  /// The name of the arm that the others are compared with.
  public var baseline: String
  /// The name of the arm that the answer is about.
  public var subject: String
  /// Test accuracies, in percent, whose first epochs are compared; none for shares of what the
  /// baseline ends with.
  public var accuracies: [Double]
  /// Settings in which arms may differ though that makes them hard to compare.
  public var allowedDifferences: [String]
  /// What the names of the runs' directories begin with.
  public var runPrefix: String

  /// - Parameter subject: unless given, the first arm that is not the baseline and does not have a
  ///   fixed batch, or else the first that is not the baseline.
  /// - Throws: `TrainingError` for names that are there twice, or name nothing.
  public init(
    _ name: String, arms: [Arm], seeds: [UInt64] = [1], baseline: String, subject: String? = nil,
    accuracies: [Double] = [], allowedDifferences: [String] = [], runPrefix: String = ""
  ) throws(TrainingError) {
    self.name = name
    self.arms = arms
    self.seeds = seeds
    self.baseline = baseline
    let others = arms.filter { $0.name != baseline }
    let growing = others.first { $0.settings["policy"] != "fixed" }
    self.subject = subject ?? (growing ?? others.first)?.name ?? baseline
    self.accuracies = accuracies
    self.allowedDifferences = allowedDifferences
    self.runPrefix = runPrefix
    try validate()
  }

  public subscript(name: String) -> Arm? { arms.first { $0.name == name } }

  /// The arms but the baseline, in their order.
  public var otherArms: [Arm] { arms.filter { $0.name != baseline } }

  /// The name of a run's directory.
  public func runName(_ arm: Arm, seed: UInt64) -> String { "\(runPrefix)\(arm.name)-seed\(seed)" }
}

extension Experiment {
  private func validate() throws(TrainingError) {
    for arm in arms { try Self.checkName(arm.name) }
    try require(arms.count >= 2, "fewer than two arms", "give two or more: they are compared")
    for (arm, next) in zip(arms.map(\.name).sorted(), arms.map(\.name).sorted().dropFirst()) {
      try require(arm != next, "two arms '\(arm)'", "give each arm a name of its own")
    }
    try require(!seeds.isEmpty, "no seeds", "give one or more: seeds: [1, 2, 3]")
    try require(Set(seeds).count == seeds.count, "a seed twice", "give each seed once")
    for accuracy in accuracies {
      try require(
        accuracy > 0 && accuracy <= 100, "the accuracy \(accuracy)", "give percent, such as 70")
    }
    let names = arms.map(\.name)
    for name in [baseline, subject] where !names.contains(name) {
      throw unknownName(name, what: "arm", option: "the baseline", names)
    }
  }

  /// A name is part of a path, and of file names in tables.
  package static func checkName(_ name: String) throws(TrainingError) {
    let isPlain = name.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
    }
    guard isPlain, let first = name.first, !".-".contains(first) else {
      throw TrainingError(
        .impossibleSetting, problem: "the arm '\(name)' cannot be part of a directory's name",
        fix: "use letters, digits, '-', '_' and '.', beginning with a letter or digit")
    }
  }

  private func require(
    _ holds: Bool, _ what: String, _ fix: String
  ) throws(TrainingError) {
    if holds { return }
    throw TrainingError(
      .impossibleSetting, problem: "the experiment '\(name)' has \(what)", fix: fix)
  }
}
