/// A batch size that follows what training shows: a rule says what it wants, and limits, cooldown
/// and hysteresis what of it becomes true.
///
/// - A size of the ``lattice`` is taken, never more than the training set, and none that a guard has
///   marked: a present one that is marked is left at once.
/// - In the first ``cooldown`` decisions after a change the size stays.
/// - The batch grows to a size where what is wanted passes that by ``hysteresis``, and leaves a size
///   where what is wanted falls below that by as much, so that noise does not make it go to and fro.
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

extension MeasuredBatch: CustomStringConvertible {
  public var description: String {
    let sizes = lattice.sizes.map(String.init).joined(separator: ", ")
    let rate = coupling == .decay ? "\(decay.asRateChange) for each step" : "coupling \(coupling)"
    return "sizes \(sizes), \(rate), cooldown \(cooldown), hysteresis \(hysteresis.short)"
  }
}
