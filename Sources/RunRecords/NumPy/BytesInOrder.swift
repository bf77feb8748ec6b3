/// Bytes of somebody else's making, read from the front and never beyond their end.
struct BytesInOrder {
  private(set) var rest: ArraySlice<UInt8>

  /// The bytes end before what is to be read.
  struct Ended: Error {}

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func take(_ count: Int) throws(Ended) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else { throw Ended() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// An unsigned number, the least significant byte first.
  mutating func number(bytes: Int) throws(Ended) -> Int {
    try take(bytes).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
