/// A zip archive of uncompressed members, as one piece.
///
/// The bytes depend on the members alone: the date is the format's first, 1 January 1980, and
/// members are readable and writable by their owner.
///
/// > Source: PKWARE's APPNOTE 6.3, §4.3.7, §4.3.12, §4.3.16.
///
/// - Precondition: the archive stays below 4 GiB, and names are ASCII.
func storedZip(_ members: [(name: String, content: [UInt8])]) -> [UInt8] {
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, content) in members {
    directory += Array("PK\u{1}\u{2}".utf8)
    directory += UInt16(0x0314).littleEndianBytes  // made on Unix, by version 2.0
    directory += commonFields(name, content)
    directory += [UInt8](repeating: 0, count: 6)  // no comment, first disk, not known as text
    directory += UInt32(0o600 << 16).littleEndianBytes
    directory += UInt32(archive.count).littleEndianBytes
    directory += Array(name.utf8)

    archive += Array("PK\u{3}\u{4}".utf8)
    archive += commonFields(name, content)
    archive += Array(name.utf8)
    archive += content
  }
  return archive + directory
    + endRecord(members: members.count, directory: directory.count, offset: archive.count)
}

/// What a member's own header and its entry in the directory share.
private func commonFields(_ name: String, _ content: [UInt8]) -> [UInt8] {
  // Version 2.0 reads it; no flags, not compressed; the time, then the date.
  var fields: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]
  fields += CRC32.zip(content).littleEndianBytes
  fields += UInt32(content.count).littleEndianBytes  // compressed
  fields += UInt32(content.count).littleEndianBytes
  fields += UInt16(name.utf8.count).littleEndianBytes
  fields += [0, 0]  // no extra field
  return fields
}

private func endRecord(members: Int, directory: Int, offset: Int) -> [UInt8] {
  var record = Array("PK\u{5}\u{6}".utf8)
  record += [0, 0, 0, 0]  // one disk
  record += UInt16(members).littleEndianBytes  // on this disk
  record += UInt16(members).littleEndianBytes
  record += UInt32(directory).littleEndianBytes
  record += UInt32(offset).littleEndianBytes
  record += [0, 0]  // no comment
  return record
}
