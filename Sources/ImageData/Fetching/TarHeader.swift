/// What 512 bytes of a tar archive say of the entry behind them.
///
/// > Source: POSIX.1-2017, pax, "ustar Interchange Format". Names longer than a header has room
/// > for, and pax headers, are entries like others here: no file that we look for needs them.
struct TarHeader: Equatable {
  static let byteCount = 512

  let name: String
  let contentBytes: Int
  let isRegularFile: Bool

  /// Contents fill whole blocks.
  var paddedBytes: Int { (contentBytes + 511) / 512 * 512 }

  /// Returns nil for bytes that are no header: their sum is not the one they name.
  init?(_ block: UnsafeRawBufferPointer) {
    precondition(block.count == Self.byteCount, "a header has \(Self.byteCount) bytes")
    let sum = block.indices.reduce(0) { sum, place in
      sum + ((148..<156).contains(place) ? 0x20 : Int(block[place]))
    }
    guard Self.octal(block[148..<156]) == sum, let size = Self.octal(block[124..<136]) else {
      return nil
    }
    let prefix = Self.hasPrefix(block) ? Self.text(block[345..<500]) : ""
    name = (prefix.isEmpty ? "" : prefix + "/") + Self.text(block[0..<100])
    contentBytes = size
    isRegularFile = [0, UInt8(ascii: "0"), UInt8(ascii: "7")].contains(block[156])
  }

  /// GNU's own format has other things where POSIX has the start of a long name.
  private static func hasPrefix(_ block: UnsafeRawBufferPointer) -> Bool {
    block[257..<263].elementsEqual("ustar\0".utf8)
  }

  private static func text(_ field: Slice<UnsafeRawBufferPointer>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// At most twelve octal digits, so at most 64 GiB; nil for GNU's form of larger numbers.
  private static func octal(_ field: Slice<UnsafeRawBufferPointer>) -> Int? {
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
    return Int(String(decoding: digits, as: UTF8.self), radix: 8)
  }
}
