import Foundation

/// Reads a `.tar.gz` from front to back, in one pass and without writing anything.
///
/// The system's gzip decompresses; entries are told by their headers here and not by the system's
/// tar, because that way each file's kind and size are known before its first byte is taken, no
/// name in the archive ever names a file on the disk, and the files may come in any order. `tar -xO`
/// would have to decompress the archive once for each file.
struct ArchiveReader: ~Copyable {
  private let path: String
  private let gzip: RunningProgram
  /// Bytes that may still come; what an archive unpacks to has no bound of its own.
  private var bytesLeft: Int
  /// Bytes of the current entry that have not been read.
  private var unread = 0
  private var pad = [UInt8](repeating: 0, count: 1 << 16)

  /// - Throws: ``DataError``, as do all the others here.
  init(
    _ path: String, maximumBytes: Int, environment: [String: String]
  ) throws(DataError) {
    self.path = path
    bytesLeft = maximumBytes
    gzip = try SystemProgram("gzip", environment: environment).start(["-dc"], input: path)
  }

  /// Returns the next entry's header, or nil at the end of the archive, which is then known whole.
  mutating func next() throws(DataError) -> TarHeader? {
    try skip(unread)
    unread = 0
    let block = try FixedBytes(count: TarHeader.byteCount) { block throws(DataError) in
      try fill(block)
    }
    guard let header = TarHeader(block.buffer) else {
      guard block.buffer.allSatisfy({ $0 == 0 }) else { throw damaged("it is no tar archive") }
      try readToEnd()
      return nil
    }
    unread = header.paddedBytes
    return header
  }

  /// Returns the content of the entry whose header was read last.
  mutating func content(of header: TarHeader) throws(DataError) -> FixedBytes {
    let bytes = try FixedBytes(count: header.contentBytes) { buffer throws(DataError) in
      try fill(buffer)
    }
    unread -= header.contentBytes
    return bytes
  }

  private mutating func skip(_ count: Int) throws(DataError) {
    var count = count
    while count > 0 {
      let got = try read(atMost: count)
      guard got > 0 else { throw ending() }
      count -= got
    }
  }

  /// Zeros follow the last entry, and behind them gzip's own checksum.
  private mutating func readToEnd() throws(DataError) {
    while try read(atMost: pad.count) > 0 {}
    let (status, reason) = gzip.finish()
    // gzip warns of bytes behind its data with 2, and has unpacked what is before them.
    guard status == 0 || status == 2 else { throw damaged(reason) }
  }

  private mutating func read(atMost count: Int) throws(DataError) -> Int {
    let got = pad.withUnsafeMutableBytes { [gzip] in
      gzip.read(into: .init(rebasing: $0[..<min(count, $0.count)]))
    }
    try take(got)
    return got
  }

  private mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    var filled = 0
    while filled < buffer.count {
      let got = gzip.read(into: .init(rebasing: buffer[filled...]))
      guard got > 0 else { throw ending() }
      try take(got)
      filled += got
    }
  }

  private mutating func take(_ count: Int) throws(DataError) {
    bytesLeft -= count
    if bytesLeft < 0 { throw damaged("it unpacks to far more than the data set's files") }
  }

  /// The error for an archive that ends where more has to come: gzip says why.
  private func ending() -> DataError {
    let (status, reason) = gzip.finish()
    return damaged(status == 0 ? "it ends within a file" : reason)
  }

  private func damaged(_ reason: String) -> DataError {
    // gzip reads the archive as its standard input, and calls it so.
    let words = reason.replacingOccurrences(of: "gzip: ", with: "")
      .replacingOccurrences(of: "stdin: ", with: "")
    return DataError(
      .badArchive, path, "cannot be unpacked: \(words)",
      fix: "it is damaged or not whole: fetch it again")
  }
}
