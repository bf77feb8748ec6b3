import BatchPolicies

/// A policy with what people call it.
public struct NamedPolicy: Sendable {
  public let name: String
  public let policy: any BatchPolicy

  public init(_ name: String, _ policy: any BatchPolicy) {
    self.name = name
    self.policy = policy
  }

  /// What training has to measure for it.
  var measures: Measures { (policy as? any MeasuringPolicy)?.measures ?? [] }
}
