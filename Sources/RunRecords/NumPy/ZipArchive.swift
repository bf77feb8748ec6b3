/// The members of a zip archive, checked: sizes, checksums, and that unpacking stays in bounds.
///
/// Members are stored or deflated, as NumPy writes them. What is encrypted, compressed otherwise, or
/// in more than one file is refused.
///
/// > Source: PKWARE's APPNOTE 6.3, §4.3.7, §4.3.12, §4.3.16.
struct ZipArchive {
  struct Member {
    let name: String
    let content: [UInt8]
  }

  typealias Fault = NumPyFault

  /// Bytes that all members together may unpack to: a small archive can stand for terabytes.
  static let largestContent = 256 << 20

  let members: [Member]

  init(_ bytes: [UInt8]) throws(Fault) {
    do {
      members = try Self.read(bytes)
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault("it is cut off, or no zip archive")
    }
  }

  private static func read(_ bytes: [UInt8]) throws -> [Member] {
    var end = BytesInOrder(bytes[try endRecord(of: bytes)...])
    _ = try end.take(10)
    let count = try end.number(bytes: 2)
    _ = try end.number(bytes: 4)
    let offset = try end.number(bytes: 4)
    guard offset <= bytes.count else { throw Fault("its directory lies beyond its end") }
    var directory = BytesInOrder(bytes[offset...])
    var room = largestContent
    return try (0..<count).map { _ in
      let member = try member(in: &directory, of: bytes, room: room)
      room -= member.content.count
      return member
    }
  }

  /// Where the last record begins: it is found by its mark, from the end.
  private static func endRecord(of bytes: [UInt8]) throws(Fault) -> Int {
    let mark = Array("PK\u{5}\u{6}".utf8)
    let starts = max(0, bytes.count - 22 - 0xFFFF)...max(0, bytes.count - 22)
    let found = starts.reversed().first { bytes[$0...].starts(with: mark) }
    guard let found else { throw Fault("it is cut off, or no zip archive") }
    return found
  }

  private static func member(
    in directory: inout BytesInOrder, of bytes: [UInt8], room: Int
  ) throws -> Member {
    guard try directory.take(4).elementsEqual("PK\u{1}\u{2}".utf8) else {
      throw Fault("its directory is damaged")
    }
    _ = try directory.take(4)
    let flags = try directory.number(bytes: 2)
    let method = try directory.number(bytes: 2)
    _ = try directory.take(4)
    let checksum = try directory.number(bytes: 4)
    let packed = try directory.number(bytes: 4)
    let size = try directory.number(bytes: 4)
    let lengths = try (0..<3).map { _ in try directory.number(bytes: 2) }
    _ = try directory.take(8)
    let start = try directory.number(bytes: 4)
    let name = printable(String(decoding: try directory.take(lengths[0]), as: UTF8.self))
    _ = try directory.take(lengths[1] + lengths[2])
    guard flags & 1 == 0 else { throw Fault("its member \(name) is encrypted") }
    guard size <= room else { throw Fault("its members unpack to more than 256 MiB") }
    let content = try unpack(try data(at: start, packed, of: bytes), method, size, name)
    guard content.count == size, CRC32.zip(content) == UInt32(checksum) else {
      throw Fault("its member \(name) is damaged: size or checksum do not match")
    }
    return Member(name: name, content: content)
  }

  /// A member's bytes, behind its own header.
  private static func data(
    at start: Int, _ count: Int, of bytes: [UInt8]
  ) throws -> ArraySlice<UInt8> {
    guard start <= bytes.count else { throw Fault("a member lies beyond its end") }
    var member = BytesInOrder(bytes[start...])
    guard try member.take(4).elementsEqual("PK\u{3}\u{4}".utf8) else {
      throw Fault("a member is not where its directory says")
    }
    _ = try member.take(22)
    let lengths = [try member.number(bytes: 2), try member.number(bytes: 2)]
    _ = try member.take(lengths[0] + lengths[1])
    return try member.take(count)
  }

  private static func unpack(
    _ data: ArraySlice<UInt8>, _ method: Int, _ size: Int, _ name: String
  ) throws(Fault) -> [UInt8] {
    switch method {
    case 0: return Array(data)
    case 8:
      do throws(Inflate.Fault) {
        return try Inflate.unpack(data, limit: size)
      } catch {
        throw Fault("its member \(name) is damaged: \(error.reason)")
      }
    default: throw Fault("its member \(name) is compressed with method \(method), not deflate")
    }
  }
}
