import BatchPolicies

/// How a run's decisions stand, and what they are made of: part of a checkpoint.
public struct CourseState: Codable, Sendable, Equatable {
  /// What a policy has decided and when: all that one of those which only watch has of its own.
  public struct Standing: Codable, Sendable, Equatable {
    public var current: BatchDecision?
    public var decisionsSinceChange = 0

    public init() {}
  }

  /// A growth that may still be taken back.
  public struct Watch: Codable, Sendable, Equatable {
    public var before: BatchDecision
    public var grown: BatchDecision
    /// The mean loss before the growth, and its standard error.
    public var meanBefore: Double
    public var errorBefore: Double
    /// The updates since.
    public var updates: [UpdateSignals] = []

    public init(
      before: BatchDecision, grown: BatchDecision, meanBefore: Double, errorBefore: Double
    ) {
      (self.before, self.grown) = (before, grown)
      (self.meanBefore, self.errorBefore) = (meanBefore, errorBefore)
    }
  }

  /// A growth that was taken back, and what is trained with in its place.
  public struct Held: Codable, Sendable, Equatable {
    public var planned: BatchDecision
    public var instead: BatchDecision

    public init(planned: BatchDecision, instead: BatchDecision) {
      (self.planned, self.instead) = (planned, instead)
    }
  }

  /// What the run's policy looks at; the decision in force is in it.
  public var signals: Signals
  /// Of the policies that only watch, by their names.
  public var shadows: [String: Standing] = [:]
  /// Since the last moment of decision: images, the sum of their losses, updates.
  public var stretchImages = 0
  public var stretchLoss = 0.0
  public var stretchUpdates = 0
  public var watch: Watch?
  public var held: Held?

  public init(_ signals: Signals) { self.signals = signals }
}
