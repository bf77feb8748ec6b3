/// A setting that no policy can work with, what it must be, and what to change.
///
/// The text is for people and may change; programs read ``code`` and ``setting``.
public struct PolicyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault; later versions may know more kinds.
  public struct Code: Sendable, Hashable {
    private enum Kind: Sendable { case outOfRange, neverGrows, unusableDecision }
    private let kind: Kind

    /// A setting lies outside the range that makes sense.
    public static let outOfRange = Self(kind: .outOfRange)
    /// Settings that are each fine, but together never change the batch size.
    public static let neverGrows = Self(kind: .neverGrows)
    /// A policy decided something that cannot be trained with.
    public static let unusableDecision = Self(kind: .unusableDecision)
  }

  public let code: Code

  /// The setting's name in Swift, such as `growthFactor`, or the quantity decided upon.
  public let setting: String

  /// The offending value, as text.
  public let value: String

  /// The range that would do.
  public let needs: String

  /// The next step.
  public let fix: String

  public init(code: Code, setting: String, value: String, needs: String, fix: String) {
    self.code = code
    self.setting = setting
    self.value = value
    self.needs = needs
    self.fix = fix
  }

  public var description: String { message(calling: setting) }

  /// The message, with the setting under the name that its user knows, such as a tool's option.
  public func message(calling name: String) -> String {
    "\(name) is \(value), but needs to be \(needs)\n  fix: \(fix)"
  }
}

/// Throws a ``PolicyError`` that is made of the rest, unless `condition` holds.
func require(
  _ condition: Bool, _ setting: String, _ value: some Any, needs: String, fix: String,
  code: PolicyError.Code = .outOfRange
) throws(PolicyError) {
  guard !condition else { return }
  throw PolicyError(code: code, setting: setting, value: "\(value)", needs: needs, fix: fix)
}

/// Checks what the policies of this module share: by how much the rate changes.
func requireDecay(_ decay: Double) throws(PolicyError) {
  // NVlabs' run_adabatch_cifar.sh has a "decay" of 2 and a batch that never grows: its rate doubles
  // every 20 epochs, and others have published runs made with it.
  try require(
    decay > 0 && decay <= 1, "decay", decay, needs: "above 0 and at most 1",
    fix: "for a constant rate give 1; a rate that grows is not a decay")
}
