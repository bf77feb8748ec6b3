/// A message of Protocol Buffers, field by field, for writing.
///
/// > Source: protobuf.dev, "Encoding".
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: UInt8, _ value: Double) {
    bytes += [field << 3 | 1] + value.bitPattern.littleEndianBytes
  }

  mutating func add(_ field: UInt8, _ value: Float) {
    bytes += [field << 3 | 5] + value.bitPattern.littleEndianBytes
  }

  mutating func add(_ field: UInt8, _ value: UInt64) {
    bytes.append(field << 3)
    addVariableLength(value)
  }

  mutating func add(_ field: UInt8, _ text: String) { add(field, Array(text.utf8)) }

  mutating func add(_ field: UInt8, _ message: ProtobufMessage) { add(field, message.bytes) }

  private mutating func add(_ field: UInt8, _ content: [UInt8]) {
    bytes.append(field << 3 | 2)
    addVariableLength(UInt64(content.count))
    bytes += content
  }

  /// Seven bits a byte, the lowest first; the top bit says that more follow.
  private mutating func addVariableLength(_ value: UInt64) {
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
