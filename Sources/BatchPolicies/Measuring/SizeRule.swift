/// Says from what training has shown which batch size it should have.
///
/// ``MeasuredBatch`` makes a policy of it.
public protocol SizeRule: Sendable, Codable, Hashable {
  /// What training has to measure.
  static var measures: Measures { get }

  /// Whether it may ask for less than there is.
  static var mayShrink: Bool { get }

  /// - Parameter lattice: the sizes that there are.
  func reading(_ signals: Signals, _ lattice: BatchLattice) -> Reading

  /// - Throws: ``PolicyError`` for settings that make no sense.
  func check() throws(PolicyError)
}

/// What a rule has read from the signals.
public struct Reading: Sendable, Equatable {
  public enum Wish: Sendable, Equatable {
    /// No decision: too little is known, and why.
    case none(String)
    /// About so many images; the lattice and the hysteresis have the last word.
    case about(Double)
    /// A size of the lattice.
    case exactly(Int)
  }

  public var wish: Wish
  /// What was measured, in words: `noise scale 812 (640–1010)`.
  public var text: String
  public var evidence: Evidence
  /// What sizes are ranked by, where they are.
  public var scores: [Int: Double] = [:]

  public init(_ wish: Wish, text: String, evidence: Evidence) {
    (self.wish, self.text, self.evidence) = (wish, text, evidence)
    // A quotient of hardly anything is no number that could be written down.
    if case .about(let size) = wish, size.isFinite { self.evidence.wanted = size }
    if case .exactly(let size) = wish { self.evidence.wanted = Double(size) }
  }
}

extension Reading {
  /// Of a rule for which there is nothing to look at yet.
  static func nothing(_ signal: String, _ why: String) -> Reading {
    Reading(.none(why), text: "no \(signal) yet", evidence: Evidence(signal: signal))
  }
}
