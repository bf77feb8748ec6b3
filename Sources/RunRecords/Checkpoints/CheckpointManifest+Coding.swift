import Foundation

// A manifest is one JSON object whose last member is the CRC-32C of everything before it, so that
// a changed bit anywhere is found and any JSON parser still reads the file.
extension CheckpointManifest {
  /// Why bytes are not a manifest that can be used.
  enum Fault: Error {
    case damaged(String)
    case newerFormat(Int)
  }

  private struct Format: Decodable { let format: Int }

  /// The file's bytes.
  func encoded() throws -> [UInt8] {
    var text = Array(try jsonLine(self))
    text.removeLast("}\n".utf8.count)
    return text + Self.ending(CRC32.castagnoli(text))
  }

  init(decoding bytes: [UInt8]) throws(Fault) {
    let text = bytes.dropLast(Self.ending(0).count)
    guard Self.ending(CRC32.castagnoli(text)).elementsEqual(bytes[text.endIndex...]) else {
      throw .damaged("its checksum does not match")
    }
    let json = Data(text + Array("}".utf8))
    do {
      let format = try JSONDecoder.lines.decode(Format.self, from: json).format
      // What a newer version has written may mean anything.
      guard format <= Self.newestFormat else { throw Fault.newerFormat(format) }
      self = try JSONDecoder.lines.decode(Self.self, from: json)
    } catch let fault as Fault {
      throw fault
    } catch {
      throw .damaged(decodingReason(error, format: "JSON"))
    }
  }

  private static func ending(_ checksum: UInt32) -> [UInt8] {
    let digits = String(checksum, radix: 16)
    let zeros = String(repeating: "0", count: 8 - digits.count)
    return Array(",\"crc32c\":\"\(zeros + digits)\"}\n".utf8)
  }
}
