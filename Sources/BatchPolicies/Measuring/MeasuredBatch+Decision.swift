// How a rule's wish becomes a batch size and a rate, and what is said of it.
extension MeasuredBatch {
  public func decision(for signals: Signals) -> BatchDecision {
    guard let current = signals.current else {
      return BatchDecision(
        batchSize: lattice.initial, learningRateFactor: 1,
        reason: "initial batch size \(lattice.initial)")
    }
    let reading = rule.reading(signals, lattice)
    let outcome = outcome(of: reading, signals, current: current.batchSize)
    let factor = coupling.factor(
      outcome.size, after: current, lattice, decay: decay, NoiseEstimate(signals.history.updates))
    var evidence = reading.evidence
    evidence.alternatives = alternatives(to: outcome, reading, signals, current: current.batchSize)
    return BatchDecision(
      batchSize: outcome.size, learningRateFactor: factor,
      reason: reading.text + outcome.reason + change(of: factor, after: current, to: outcome.size),
      evidence: evidence)
  }

  private func outcome(of reading: Reading, _ signals: Signals, current: Int) -> Outcome {
    if let mark = signals.marked.min(), current >= mark, let size = allowed(below: mark, signals) {
      return Outcome(size, ": \(changed(current, size)), for \(mark) is marked by the guard")
    }
    guard signals.decisionsSinceChange >= cooldown else {
      return Outcome(waiting: cooldown - signals.decisionsSinceChange, at: current)
    }
    switch reading.wish {
    case .none(let why): return Outcome(current, ": batch stays \(current); \(why)")
    case .exactly(let size):
      if let objection = lattice.objection(to: size, signals) {
        return Outcome(current, ": batch stays \(current), for \(size) is \(objection)")
      }
      return Outcome(size, ": \(changed(current, size))")
    case .about(let wanted):
      return outcome(of: wanted, reading, signals, current: current)
    }
  }

  private func allowed(below mark: Int, _ signals: Signals) -> Int? {
    lattice.available(signals).last { $0 < mark }
  }

  private func change(of factor: Double, after current: BatchDecision, to size: Int) -> String {
    if factor != current.learningRateFactor {
      return ", rate × \((factor / current.learningRateFactor).rounded(digits: 4))"
    }
    return size == current.batchSize ? "" : ", rate kept"
  }
}

/// A batch size, why it is that one, and what keeps all others away, where something does.
private struct Outcome {
  let size: Int
  let reason: String
  var hold: String?

  init(_ size: Int, _ reason: String) { (self.size, self.reason) = (size, reason) }

  init(waiting left: Int, at current: Int) {
    let decisions = left == 1 ? "one more decision" : "\(left) more decisions"
    (size, reason) = (current, ": batch stays \(current) for \(decisions) after the change")
    hold = "too soon after the last change"
  }
}

/// A change in words: `batch 128 × 2 = 256`.
private func changed(_ current: Int, _ size: Int) -> String {
  if size == current { return "batch stays \(size)" }
  if size.isMultiple(of: current) { return "batch \(current) × \(size / current) = \(size)" }
  if current.isMultiple(of: size) { return "batch \(current) / \(current / size) = \(size)" }
  return "batch \(current) → \(size)"
}

// A wish for about so many images.
extension MeasuredBatch {
  /// A size is taken from this on.
  private func start(of size: Int) -> Double { Double(size) * (1 + hysteresis) }

  /// A size is left below this.
  private func end(of size: Int) -> Double { Double(size) / (1 + hysteresis) }

  private func outcome(
    of wanted: Double, _ reading: Reading, _ signals: Signals, current: Int
  ) -> Outcome {
    let sizes = lattice.available(signals)
    // What the rule has measured often is the size that it wants; it is not said twice then.
    let asked = wanted == reading.evidence.value ? "" : ", asks for \(wanted.rounded(digits: 3))"
    if let size = sizes.last(where: { start(of: $0) <= wanted }), size > current {
      return Outcome(size, "\(asked) ≥ \(start(of: size).short3): \(changed(current, size))")
    }
    guard wanted < end(of: current) else {
      return Outcome(current, asked + limit(of: wanted, signals, current: current))
    }
    guard Rule.mayShrink else {
      return Outcome(current, "\(asked): batch stays \(current), it never shrinks")
    }
    let size = sizes.last { end(of: $0) <= wanted } ?? sizes.first ?? current
    guard size < current else {
      return Outcome(current, "\(asked): batch stays \(current), the smallest")
    }
    return Outcome(size, "\(asked) < \(end(of: current).short3): \(changed(current, size))")
  }

  /// Why the batch does not grow.
  private func limit(of wanted: Double, _ signals: Signals, current: Int) -> String {
    guard let next = lattice.sizes.first(where: { $0 > current }) else {
      return ": batch stays \(current), the largest"
    }
    let start = start(of: next)
    guard wanted >= start else { return " < \(start.short3): batch stays \(current)" }
    let objection = lattice.objection(to: next, signals) ?? "too large"
    return " ≥ \(start.short3): batch stays \(current), for \(next) is \(objection)"
  }
}

// What was passed over.
extension MeasuredBatch {
  private func alternatives(
    to outcome: Outcome, _ reading: Reading, _ signals: Signals, current: Int
  ) -> [Evidence.Alternative] {
    lattice.sizes.map { size in
      let objection =
        lattice.objection(to: size, signals) ?? outcome.hold
        ?? objection(to: size, reading.wish, chosen: outcome.size, current: current)
      return Evidence.Alternative(
        batchSize: size, score: reading.scores[size],
        objection: size == outcome.size ? nil : objection)
    }
  }

  private func objection(
    to size: Int, _ wish: Reading.Wish, chosen: Int, current: Int
  ) -> String {
    switch wish {
    case .none(let why): return why
    case .exactly(let best): return "\(best) is the choice"
    case .about(let wanted):
      if size > current, wanted < start(of: size) {
        return "is taken from \(start(of: size).short3) on"
      }
      if size > chosen { return "is left below \(end(of: size).short3)" }
      if size < current, !Rule.mayShrink { return "it never shrinks" }
      return Double(size) <= wanted ? "less than is wanted" : "too near to the present size"
    }
  }
}

extension Double {
  /// With three digits at most.
  fileprivate var short3: String { rounded(digits: 3) }
}
