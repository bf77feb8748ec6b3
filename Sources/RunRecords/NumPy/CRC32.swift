/// A 32-bit cyclic redundancy check, bits reflected, that begins and ends with all bits inverted.
package struct CRC32: Sendable {
  /// That of zip files (ISO-HDLC).
  package static let zip = CRC32(reflectedPolynomial: 0xEDB8_8320)
  /// CRC-32C, that of TensorBoard's event files.
  package static let castagnoli = CRC32(reflectedPolynomial: 0x82F6_3B78)

  /// The remainder of each byte.
  private let table: [UInt32]

  private init(reflectedPolynomial polynomial: UInt32) {
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1) * polynomial }
    }
  }

  package func callAsFunction(_ bytes: some Sequence<UInt8>) -> UInt32 { self(bytes, after: 0) }

  /// The checksum of what has the checksum `before`, followed by `bytes`.
  package func callAsFunction(_ bytes: some Sequence<UInt8>, after before: UInt32) -> UInt32 {
    ~bytes.reduce(~before) { rest, byte in
      rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)]
    }
  }
}
