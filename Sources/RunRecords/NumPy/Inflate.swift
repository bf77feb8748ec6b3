/// Unpacks deflated bytes.
///
/// Slow and plain, for files of some kilobytes. Every code and distance is checked, so bytes of
/// anybody's making either unpack within the limit or are refused.
///
/// > Source: RFC 1951; the counting decoder is that of zlib's `contrib/puff`.
struct Inflate {
  /// What is wrong, in a few words.
  struct Fault: Error, Equatable {
    let reason: String

    static let ended = Self(reason: "it ends too early")
    static let badCode = Self(reason: "a code that does not exist")
    static let tooLong = Self(reason: "more bytes than it says")
  }

  private var input: ArraySlice<UInt8>
  private var bits = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private let limit: Int

  /// - Throws: ``Fault`` for what is not deflated bytes, or more than `limit` bytes.
  static func unpack(_ bytes: ArraySlice<UInt8>, limit: Int) throws(Fault) -> [UInt8] {
    var inflate = Inflate(input: bytes, limit: limit)
    while try !inflate.unpackBlock() {}
    return inflate.output
  }

  private init(input: ArraySlice<UInt8>, limit: Int) {
    self.input = input
    self.limit = limit
  }

  /// Returns whether it was the last one.
  private mutating func unpackBlock() throws(Fault) -> Bool {
    let isLast = try take(1) == 1
    switch try take(2) {
    case 0: try copyStored()
    case 1: try unpackCodes(.fixedLengths, .fixedDistances)
    case 2:
      let (lengths, distances) = try readTables()
      try unpackCodes(lengths, distances)
    default: throw .badCode
    }
    return isLast
  }

  private mutating func copyStored() throws(Fault) {
    (bits, bitCount) = (0, 0)  // the rest of the byte is padding
    let count = try take(16)
    guard try take(16) == ~count & 0xFFFF else { throw .badCode }
    for _ in 0..<count { try append(UInt8(take(8))) }
  }

  private mutating func unpackCodes(
    _ lengths: HuffmanCode, _ distances: HuffmanCode
  ) throws(Fault) {
    while true {
      let symbol = try decode(lengths)
      if symbol < 256 {
        try append(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        try repeatEarlier(lengthSymbol: symbol - 257, distances)
      }
    }
  }

  private mutating func repeatEarlier(
    lengthSymbol: Int, _ distances: HuffmanCode
  ) throws(Fault) {
    guard lengthSymbol < Self.lengthBases.count else { throw .badCode }
    let count = Self.lengthBases[lengthSymbol] + (try take(Self.lengthBits[lengthSymbol]))
    let symbol = try decode(distances)
    guard symbol < 30 else { throw .badCode }
    let extra = max(0, symbol / 2 - 1)
    let base = symbol < 4 ? symbol + 1 : (2 + symbol % 2) << extra + 1
    let distance = base + (try take(extra))
    guard distance <= output.count else { throw .badCode }
    for _ in 0..<count { try append(output[output.count - distance]) }
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  /// The order in which a block gives the lengths of the codes for lengths.
  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  private mutating func readTables() throws(Fault) -> (HuffmanCode, HuffmanCode) {
    let (literals, distances) = (try take(5) + 257, try take(5) + 1)
    let codes = try take(4) + 4
    var lengths = [Int](repeating: 0, count: 19)
    for place in Self.order.prefix(codes) { lengths[place] = try take(3) }
    let code = HuffmanCode(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      let symbol = try decode(code)
      switch symbol {
      case 0..<16: all.append(symbol)
      case 16:
        guard let last = all.last else { throw .badCode }
        all += [Int](repeating: last, count: 3 + (try take(2)))
      case 17: all += [Int](repeating: 0, count: 3 + (try take(3)))
      default: all += [Int](repeating: 0, count: 11 + (try take(7)))
      }
    }
    guard all.count == literals + distances, all[256] > 0 else { throw .badCode }
    return (HuffmanCode(Array(all[..<literals])), HuffmanCode(Array(all[literals...])))
  }

  private mutating func append(_ byte: UInt8) throws(Fault) {
    guard output.count < limit else { throw .tooLong }
    output.append(byte)
  }

  /// The next bits as a number, the first one the least significant.
  private mutating func take(_ count: Int) throws(Fault) -> Int {
    while bitCount < count {
      guard let byte = input.popFirst() else { throw .ended }
      bits |= Int(byte) << bitCount
      bitCount += 8
    }
    defer {
      bits >>= count
      bitCount -= count
    }
    return bits & (1 << count - 1)
  }

  private mutating func decode(_ code: HuffmanCode) throws(Fault) -> Int {
    var (value, first, index) = (0, 0, 0)
    for count in code.counts.dropFirst() {
      value |= try take(1)
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw .badCode
  }
}

/// Canonical Huffman codes of up to 15 bits: how many there are of each length, and their symbols.
struct HuffmanCode {
  let counts: [Int]
  let symbols: [Int]

  /// - Parameter lengths: bits in the code of each symbol, 0 for a symbol that has none.
  init(_ lengths: [Int]) {
    counts = (0...15).map { length in
      length == 0 ? 0 : lengths.count { $0 == length }
    }
    symbols = (1...15).flatMap { length in
      lengths.indices.filter { lengths[$0] == length }
    }
  }

  static let fixedLengths = HuffmanCode(
    (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  static let fixedDistances = HuffmanCode([Int](repeating: 5, count: 30))
}
