/// A batch size that follows what training shows: a rule says what it wants, and limits, cooldown
/// and hysteresis what of it becomes true.
///
/// - A size of the ``lattice`` is taken, never more than the training set, and none that a guard has
///   marked.
/// - In the first ``cooldown`` decisions after a change all stays.
/// - The batch grows to a size where what is wanted passes that by ``hysteresis``, and shrinks where
///   it falls below the present size by as much, so that noise does not make it go to and fro.
/// - The rate follows by ``coupling``.
public struct MeasuredBatch<Rule: SizeRule>: MeasuringPolicy, Hashable {
  public let rule: Rule
  public let lattice: BatchLattice
  /// The limits that were given, which the lattice need not reach.
  public let limits: ClosedRange<Int>
  public let coupling: RateCoupling
  /// What each step up the lattice multiplies the rate by where ``coupling`` is `decay`.
  public let decay: Double
  public let cooldown: Int
  public let hysteresis: Double

  public var measures: Measures {
    coupling == .adascale ? Rule.measures.union(.gradientNorms) : Rule.measures
  }

  public var sizes: ClosedRange<Int> {
    (lattice.sizes.first ?? lattice.initial)...(lattice.sizes.last ?? lattice.initial)
  }

  /// - Parameters:
  ///   - initialBatchSize: images in one weight update at the start, 1 or more
  ///   - limits: of the batch size; the initial one lies within
  ///   - factor: from one size of the lattice to the next, above 1
  ///   - decay: above 0, at most 1
  ///   - cooldown: decisions, 0 or more
  ///   - hysteresis: a share, 0 or more
  /// - Throws: ``PolicyError`` for any other value.
  public init(
    _ rule: Rule, initialBatchSize: Int, limits: ClosedRange<Int>,
    factor: Double = ReferenceRecipe.growthFactor, coupling: RateCoupling,
    decay: Double = ReferenceRecipe.growthDecay, cooldown: Int = 1, hysteresis: Double = 0.1
  ) throws(PolicyError) {
    try rule.check()
    try requireDecay(decay)
    try require(
      cooldown >= 0, "cooldown", cooldown, needs: "0 decisions or more", fix: "1 is usual")
    try require(
      hysteresis >= 0 && hysteresis.isFinite, "hysteresis", hysteresis.short,
      needs: "a finite number, 0 or more", fix: "0.1 asks for a tenth more than a size")
    self.rule = rule
    lattice = try BatchLattice(initial: initialBatchSize, factor: factor, limits: limits)
    self.limits = limits
    self.coupling = coupling
    self.decay = decay
    self.cooldown = cooldown
    self.hysteresis = hysteresis
  }
}

extension MeasuredBatch {
  public func decision(for signals: Signals) -> BatchDecision {
    guard let current = signals.current else {
      return BatchDecision(
        batchSize: min(lattice.initial, signals.imageCount), learningRateFactor: 1,
        reason: "initial batch size \(lattice.initial)")
    }
    let reading = rule.reading(signals, lattice)
    let (size, why) = size(reading, after: current.batchSize, signals)
    let factor = coupling.factor(
      size, after: current, lattice, decay: decay, NoiseEstimate(signals.history.updates))
    var evidence = reading.evidence
    evidence.alternatives = alternatives(reading, chosen: size, signals)
    let rate = factor == current.learningRateFactor ? "" : ", " + change(of: factor, after: current)
    return BatchDecision(
      batchSize: size, learningRateFactor: factor, reason: "\(reading.text): \(why)\(rate)",
      evidence: evidence)
  }

  /// The size that a wish comes to, and why.
  private func size(_ reading: Reading, after current: Int, _ signals: Signals) -> (Int, String) {
    let stays = "batch stays \(current)"
    guard signals.decisionsSinceChange >= cooldown else {
      let left = cooldown - signals.decisionsSinceChange
      return (
        current, "\(stays), for \(left == 1 ? "one more decision" : "\(left) more decisions")"
      )
    }
    switch reading.wish {
    case .none(let why): return (current, "\(stays): \(why)")
    case .exactly(let size): return (size, "batch \(current) → \(size)")
    case .about(let wanted):
      let size = nearest(to: wanted, from: current, signals)
      let asked = "\(wanted.rounded(digits: 4)) wanted"
      return size == current
        ? (current, "\(asked), \(stays)") : (size, "\(asked), batch \(current) → \(size)")
    }
  }

  private func nearest(to wanted: Double, from current: Int, _ signals: Signals) -> Int {
    let sizes = lattice.available(signals)
    let above = sizes.last { Double($0) * (1 + hysteresis) <= wanted } ?? current
    if above > current { return above }
    guard Rule.mayShrink, wanted * (1 + hysteresis) < Double(current) else { return current }
    return min(current, sizes.last { Double($0) <= wanted } ?? sizes.first ?? current)
  }

  private func alternatives(
    _ reading: Reading, chosen: Int, _ signals: Signals
  ) -> [Evidence.Alternative] {
    lattice.sizes.map { size in
      Evidence.Alternative(
        batchSize: size, score: reading.scores[size],
        objection: size == chosen
          ? nil : lattice.objection(to: size, signals) ?? objection(to: size, reading))
    }
  }

  private func objection(to size: Int, _ reading: Reading) -> String {
    switch reading.wish {
    case .none(let why): why
    case .exactly(let best): "\(best) is the choice"
    case .about(let wanted):
      Double(size) > wanted
        ? "more than is wanted" : "less than is wanted, or too near to the present"
    }
  }

  private func change(of factor: Double, after current: BatchDecision) -> String {
    "rate × \((factor / current.learningRateFactor).rounded(digits: 4))"
  }
}

extension MeasuredBatch: CustomStringConvertible {
  public var description: String {
    let sizes = lattice.sizes.map(String.init).joined(separator: ", ")
    let rate = coupling == .decay ? "\(decay.asRateChange) for each step" : "coupling \(coupling)"
    return "\(rule), sizes \(sizes), \(rate), cooldown \(cooldown), hysteresis \(hysteresis.short)"
  }
}

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
    try self.init(
      container.decode(Rule.self, forKey: .rule),
      initialBatchSize: container.decode(Int.self, forKey: .initialBatchSize),
      limits: least...max(least, most),
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
