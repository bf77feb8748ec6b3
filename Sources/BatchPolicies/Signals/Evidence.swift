/// What a decision was made of: measured, compared, and passed over.
public struct Evidence: Sendable, Codable, Equatable {
  /// What was measured: `noise scale`, `training loss`.
  public var signal: String

  /// nil where it could not be measured yet.
  public var value: Double?

  /// The ends of the 95 % confidence interval; nil for an end that is not bounded, or not known.
  public var lower: Double?
  public var upper: Double?

  /// What the signal is compared with; nil where it says the batch size itself.
  public var threshold: Double?

  /// The batch size that the rule asks for, before limits and the lattice of sizes.
  public var wanted: Double?

  /// Sizes that were looked at, with what speaks for or against them.
  public var alternatives: [Alternative] = []

  public init(signal: String) { self.signal = signal }

  public struct Alternative: Sendable, Codable, Equatable {
    public var batchSize: Int
    /// What the sizes are ranked by, such as goodput in images per second; nil where by nothing.
    public var score: Double?
    /// Why not this one; nil for the one that was chosen.
    public var objection: String?

    public init(batchSize: Int, score: Double? = nil, objection: String? = nil) {
      self.batchSize = batchSize
      self.score = score
      self.objection = objection
    }
  }
}
