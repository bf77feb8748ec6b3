import RunRecords
import Testing

@Suite("Cyclic redundancy checks")
struct CRC32Tests {
  // The check values of the RevEng catalogue: CRC-32/ISO-HDLC and CRC-32/ISCSI.
  @Test("have the catalogue's values for 123456789, and 0 for nothing")
  func catalogue() {
    #expect(CRC32.zip("123456789".utf8) == 0xCBF4_3926)
    #expect(CRC32.castagnoli("123456789".utf8) == 0xE306_9283)
    #expect(CRC32.castagnoli([]) == 0)
  }

  @Test("go on over pieces of any length")
  func pieces() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
    let whole = CRC32.castagnoli(bytes)
    for length in [1, 3, 7, 8, 9, 64, 999] {
      let pieces = stride(from: 0, to: bytes.count, by: length).map {
        bytes[$0..<min($0 + length, bytes.count)]
      }
      #expect(pieces.reduce(0) { CRC32.castagnoli($1, after: $0) } == whole)
    }
    // One byte after the other, from what has no storage of its own.
    #expect(CRC32.castagnoli(AnySequence(bytes)) == whole)
  }
}
