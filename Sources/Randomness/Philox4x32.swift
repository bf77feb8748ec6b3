/// The counter-based random function Philox 4×32 with ten rounds.
///
/// A block cipher without the secrecy: 128 random bits are a pure function of a 128-bit counter
/// and a 64-bit key, so any draw of a run can be made anywhere, in any order, without the draws
/// before it. Distinct counters under one key give distinct blocks.
///
/// > Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
/// > section 3.3; the known answers of its library Random123 are among the tests.
public enum Philox4x32 {
  /// Returns the four random words that belong to `counter` under `key`.
  ///
  /// - Complexity: 20 multiplications of 32 × 32 bits, 16 ns one after another.
  @inlinable
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    // Eight scalars, not two vectors: the rounds mix lanes, and extracting them costs more.
    var (word0, word1, word2, word3) = (counter.x, counter.y, counter.z, counter.w)
    var (key0, key1) = (key.x, key.y)
    for _ in 0..<10 {
      let even = UInt64(word0) &* 0xD251_1F53
      let odd = UInt64(word2) &* 0xCD9E_8D57
      word0 = UInt32(truncatingIfNeeded: odd >> 32) ^ word1 ^ key0
      word1 = UInt32(truncatingIfNeeded: odd)
      word2 = UInt32(truncatingIfNeeded: even >> 32) ^ word3 ^ key1
      word3 = UInt32(truncatingIfNeeded: even)
      key0 &+= 0x9E37_79B9  // the golden ratio's fraction
      key1 &+= 0xBB67_AE85  // the fraction of √3
    }
    return SIMD4(word0, word1, word2, word3)
  }
}
