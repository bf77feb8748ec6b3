/// A network that cannot be built: where, why, and what to change.
public struct GraphError: Error, Sendable, Equatable {
  /// An open set of kinds of faults.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// Tensors that do not fit together.
    public static let shapeMismatch = Code("shape mismatch")
    /// A number that no network of this kind can have.
    public static let invalidSetting = Code("invalid setting")
    /// A graph that breaks the rules of `Graph.verify()`: a fault in what built it.
    public static let malformed = Code("malformed graph")

    var text: String { name }
  }

  public let code: Code
  /// The layer, as in a checkpoint: `layer2.0.conv1`; empty for the whole network.
  public let layer: String
  public let problem: String
  public let fix: String

  public init(_ code: Code, layer: String = "", problem: String, fix: String) {
    self.code = code
    self.layer = layer
    self.problem = problem
    self.fix = fix
  }
}

extension GraphError: CustomStringConvertible {
  public var description: String {
    code.text + (layer.isEmpty ? "" : " in \(layer)") + ": \(problem)\n  fix: \(fix)"
  }
}
