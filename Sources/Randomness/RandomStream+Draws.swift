#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension RandomStream {
  /// Draws from the uniform distribution on [0, 1), in steps of 2⁻⁵³.
  @inlinable
  public mutating func uniform() -> Double {
    let high = UInt64(bits())
    let low = UInt64(bits())
    return Double((high << 32 | low) >> 11) * 0x1p-53
  }

  /// Draws a whole number from 0 to `bound` − 1, each equally likely.
  ///
  /// - Parameter bound: 1 to 2³² − 1.
  ///
  /// > Source: Lemire 2019, "Fast random integer generation in an interval", arXiv:1805.10941,
  /// > algorithm 5.
  @inlinable
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "a draw needs at least one outcome")
    let bound = UInt32(bound)
    var product = bits().multipliedFullWidth(by: bound)
    if product.low < bound {
      // 2³² mod bound: so many low halves are dropped that every outcome keeps the same number.
      let rejected = (0 &- bound) % bound
      while product.low < rejected { product = bits().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Draws from the normal distribution of mean 0 and deviation 1.
  ///
  /// Two uniform draws give two normal ones; the second is kept for the next call. The last bit
  /// follows the C library's `log`, `cos` and `sin`.
  ///
  /// > Source: Box and Muller 1958, "A note on the generation of random normal deviates".
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(1 - uniform())).squareRoot()  // 1 − uniform() is never 0
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }
}
