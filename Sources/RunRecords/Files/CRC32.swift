/// A 32-bit cyclic redundancy check, bits reflected, that begins and ends with all bits inverted.
///
/// Eight bytes at a time (M. E. Kounavis, F. L. Berry, "A Systematic Approach to Building High
/// Performance Software-Based CRC Generators", 2005): a checkpoint is checked while it is written
/// and again when it is read back.
package struct CRC32: Sendable {
  /// That of zip files (ISO-HDLC).
  package static let zip = CRC32(reflectedPolynomial: 0xEDB8_8320)
  /// CRC-32C, that of TensorBoard's event files.
  package static let castagnoli = CRC32(reflectedPolynomial: 0x82F6_3B78)

  /// The remainder of each byte with 0 to 7 zero bytes behind it, one after the other.
  private let table: [UInt32]

  private init(reflectedPolynomial polynomial: UInt32) {
    var table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1) * polynomial }
    }
    for index in 0..<7 * 256 {
      let rest = table[index]
      table.append(rest >> 8 ^ table[Int(rest & 0xFF)])
    }
    self.table = table
  }

  /// The checksum of what has the checksum `before`, followed by `bytes`.
  package func callAsFunction(_ bytes: some Sequence<UInt8>, after before: UInt32 = 0) -> UInt32 {
    bytes.withContiguousStorageIfAvailable { checksum(of: UnsafeRawBufferPointer($0), before) }
      ?? Array(bytes).withUnsafeBytes { checksum(of: $0, before) }
  }

  private func checksum(of bytes: UnsafeRawBufferPointer, _ before: UInt32) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      var rest = ~before
      let whole = bytes.count & ~7
      for start in stride(from: 0, to: whole, by: 8) {
        let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian
        let mixed = word ^ UInt64(rest)
        rest = 0
        for place in 0..<8 {
          rest ^= table[(7 - place) << 8 | Int(mixed >> UInt64(8 * place) & 0xFF)]
        }
      }
      for byte in bytes[whole...] { rest = rest >> 8 ^ table[Int(rest & 0xFF ^ UInt32(byte))] }
      return ~rest
    }
  }
}
