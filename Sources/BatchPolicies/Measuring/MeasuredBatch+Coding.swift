// As it is written to a file, with the settings by their own names.
extension MeasuredBatch {
  private enum CodingKeys: CodingKey {
    case rule, initialBatchSize, minimumBatchSize, maximumBatchSize, growthFactor, coupling, decay
    case cooldown, hysteresis
  }

  // Synthesised decoding would let in what the initialiser refuses.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let least = try container.decode(Int.self, forKey: .minimumBatchSize)
    let most = try container.decode(Int.self, forKey: .maximumBatchSize)
    try require(
      least <= most, "minimumBatchSize", least, needs: "at most the largest batch size, \(most)",
      fix: "lower it, or raise the limit")
    try self.init(
      container.decode(Rule.self, forKey: .rule),
      initialBatchSize: container.decode(Int.self, forKey: .initialBatchSize),
      limits: least...most,
      factor: container.decode(Double.self, forKey: .growthFactor),
      coupling: container.decode(RateCoupling.self, forKey: .coupling),
      decay: container.decode(Double.self, forKey: .decay),
      cooldown: container.decode(Int.self, forKey: .cooldown),
      hysteresis: container.decode(Double.self, forKey: .hysteresis))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rule, forKey: .rule)
    try container.encode(lattice.initial, forKey: .initialBatchSize)
    try container.encode(limits.lowerBound, forKey: .minimumBatchSize)
    try container.encode(limits.upperBound, forKey: .maximumBatchSize)
    try container.encode(lattice.factor, forKey: .growthFactor)
    try container.encode(coupling, forKey: .coupling)
    try container.encode(decay, forKey: .decay)
    try container.encode(cooldown, forKey: .cooldown)
    try container.encode(hysteresis, forKey: .hysteresis)
  }
}
