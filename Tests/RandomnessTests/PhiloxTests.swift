import Randomness
import Testing

@Suite struct PhiloxTests {
  /// "philox4x32 10" in kat_vectors of Random123, the authors' library.
  @Test(
    "gives the known answers of its authors",
    arguments: [
      (
        SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
        SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
      ),
      (
        SIMD4(repeating: UInt32.max), SIMD2(repeating: UInt32.max),
        SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
      ),
      (  // the digits of π
        SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
        SIMD2(0xA409_3822, 0x299F_31D0),
        SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
      ),
    ])
  func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
    #expect(Philox4x32.block(counter: counter, key: key) == expected)
  }

  @Test("any bit of counter or key changes about half of the output bits")
  func avalanche() {
    let (counter, key) = (SIMD4<UInt32>(1, 2, 3, 4), SIMD2<UInt32>(5, 6))
    let block = Philox4x32.block(counter: counter, key: key)
    for bit in 0..<192 {
      var (otherCounter, otherKey) = (counter, key)
      if bit < 128 {
        otherCounter[bit / 32] ^= 1 << (bit % 32)
      } else {
        otherKey[bit / 32 - 4] ^= 1 << (bit % 32)
      }
      let changed = block ^ Philox4x32.block(counter: otherCounter, key: otherKey)
      let count = (0..<4).map { changed[$0].nonzeroBitCount }.reduce(0, +)
      #expect((35...93).contains(count), "bit \(bit)")  // 64 ± 5 deviations of √32
    }
  }
}
