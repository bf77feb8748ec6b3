import Foundation
import RunRecords

/// A small picture as a PNG file, not compressed.
///
/// > Source: W3C, PNG (third edition), §5 and §11; RFC 1950 and 1951 for its stored bytes.
struct PNGImage {
  let bytes: [UInt8]

  /// - Parameters:
  ///   - pixels: channel by channel, row by row, as images of data sets are.
  ///   - channels: 1 for grey, 3 for red, green and blue.
  /// - Returns: nil for other channels, or another number of pixels.
  init?(pixels: ArraySlice<UInt8>, channels: Int, height: Int, width: Int) {
    guard channels == 1 || channels == 3, height > 0, width > 0,
      pixels.count == channels * height * width
    else { return nil }
    let first = pixels.startIndex
    var rows: [UInt8] = []
    for y in 0..<height {
      rows.append(0)  // not filtered
      for x in 0..<width {
        for channel in 0..<channels {
          rows.append(pixels[first + (channel * height + y) * width + x])
        }
      }
    }
    let header =
      Self.number(width) + Self.number(height) + [8, channels == 1 ? 0 : 2, 0, 0, 0] as [UInt8]
    bytes =
      [0x89] + Array("PNG\r\n\u{1A}\n".utf8) + Self.chunk("IHDR", header)
      + Self.chunk("IDAT", Self.stored(rows)) + Self.chunk("IEND", [])
  }

  /// As a page takes it without a file.
  var dataURI: String { "data:image/png;base64," + Data(bytes).base64EncodedString() }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return number(content.count) + body + number(Int(CRC32.zip(body)))
  }

  /// A zlib stream of stored blocks, each of which takes up to 65,535 bytes.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      let count = UInt16(block.count)
      stream.append(block.endIndex == bytes.count ? 1 : 0)
      stream += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
      stream += block
    }
    return stream + number(adler32(bytes))
  }

  private static func adler32(_ bytes: [UInt8]) -> Int {
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  private static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) }
  }
}
