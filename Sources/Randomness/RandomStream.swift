/// A sequence of random draws that belongs to a place in a run, not to a moment of it.
///
/// The draws are a function of (seed, purpose, epoch, index): they do not depend on what was drawn
/// before, on threads, on ranks, on the batch size or on where a run was resumed. Unlike a
/// `RandomNumberGenerator` that is passed around, a stream is made where it is used and dropped.
/// Streams that differ in any of the four never share a block of ``Philox4x32``.
///
/// ```swift
/// var stream = RandomStream(seed: 20, purpose: .flip, epoch: 3, index: 41_999)
/// let flipped = stream.bits() & 1 == 1
/// ```
public struct RandomStream: Sendable {
  @usableFromInline let key: SIMD2<UInt32>
  @usableFromInline var counter: SIMD4<UInt32>
  @usableFromInline var words = SIMD4<UInt32>()
  @usableFromInline var usedWordCount = 4
  @usableFromInline var spareNormal: Double?

  /// The stream of one purpose, epoch and index.
  ///
  /// - Parameters:
  ///   - seed: the run's seed; it is Philox's key.
  ///   - purpose: what the draws are for, so that uses stay independent of each other.
  ///   - epoch: 0 to 2³² − 1; 0 for what is drawn once in a run.
  ///   - index: 0 to 2³² − 1; of the image in its data set, or of the parameter in its network.
  @inlinable
  public init(seed: UInt64, purpose: Purpose, epoch: Int = 0, index: Int = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = SIMD4(0, UInt32(index), UInt32(epoch), purpose.rawValue)
  }

  /// Draws 32 random bits.
  @inlinable
  public mutating func bits() -> UInt32 {
    if usedWordCount == 4 { drawBlock() }
    defer { usedWordCount += 1 }
    return words[usedWordCount]
  }

  @inlinable
  mutating func drawBlock() {
    words = Philox4x32.block(counter: counter, key: key)
    counter.x += 1  // traps after 2³² blocks, where a stream would repeat itself
    usedWordCount = 0
  }
}

extension RandomStream {
  /// What a stream is drawn for.
  ///
  /// The numbers are part of what a seed means: never reuse or change one.
  public enum Purpose: UInt32, Sendable, CaseIterable {
    case order = 1
    case crop = 2
    case flip = 3
    case initialWeights = 4
    case syntheticTraining = 5
    case syntheticTest = 6
  }
}
