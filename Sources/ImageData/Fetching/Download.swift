import Foundation
import RunRecords

/// Fetches an archive with the system's curl, and gives it its name when every byte is right.
///
/// Until then it is called `.partial`, where a download that was interrupted goes on.
struct Download {
  let archive: CIFAR.Archive
  /// The official address, or a mirror's.
  let url: String
  let folder: String
  let environment: [String: String]
  /// Seconds before a failed connection is tried again; each time twice as long.
  let pause: Double
  let report: (CIFAR.FetchEvent) -> Void

  var path: String { folder + "/" + archive.name }
  var partial: String { path + ".partial" }

  /// - Throws: ``DataError`` for what the network, the server or its bytes are at fault with;
  ///   ``FileError`` for the disk.
  func run() throws {
    let curl = try SystemProgram("curl", environment: environment, fix: installCurl)
    // Needed when all bytes are there, and too late said then.
    for name in ["md5sum", "gzip"] { _ = try SystemProgram(name, environment: environment) }
    if byteCount > archive.byteCount { try startAnew() }
    report(.downloading(url: url, bytes: byteCount, byteCount: archive.byteCount))
    defer { if byteCount == 0 { unlink(partial) } }  // nothing came: nothing is left
    try fetch(with: curl)
    try check()
    try sync()
    try move(partial, to: path)
    try syncFolder(of: path)
  }

  /// The bytes that are there.
  private var byteCount: Int {
    var status = stat()
    return stat(partial, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Has curl go on until all bytes are there.
  ///
  /// As long as some come, a broken connection is no reason to stop; three in a row without any are.
  private func fetch(with curl: SystemProgram) throws {
    var failures = 0
    while byteCount < archive.byteCount {
      let before = byteCount
      let (status, reason) = try attempt(with: curl)
      if status == 0 { return }
      failures = byteCount > before ? 0 : failures + 1
      let failure = CurlFailure(status: status, reason: reason)
      if failure == .noRanges { try startAnew() }
      guard failure.isPassing, failures < 3 else { throw error(failure) }
      report(.tryingAgain(reason: failure.reason))
      Thread.sleep(forTimeInterval: pause * Double(1 << failures))
    }
  }

  /// Writes what curl gets behind the bytes that are there, and returns how curl ended.
  ///
  /// The bytes come through a pipe: curl has a process group of its own, so that only a pipe's end
  /// stops it when this process is.
  private func attempt(with curl: SystemProgram) throws -> (status: Int32, reason: String) {
    var bytes = byteCount
    var file = try OutputFile(opening: partial, flags: O_CREAT | O_APPEND | O_NOFOLLOW)
    let run = try curl.start(arguments(from: bytes))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { buffer.deallocate() }
    while bytes <= archive.byteCount {
      let count = run.read(into: buffer)
      if count == 0 { return run.finish() }
      try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      bytes += count
      report(.received(bytes: bytes))
    }
    run.stop()  // more than the archive has: its size will be found wrong
    return (0, "")
  }

  private func arguments(from start: Int) -> [String] {
    [
      "--disable",  // has to come first: no ~/.curlrc
      "--silent", "--show-error", "--fail", "--globoff", "--url", url,
      "--proto", "=https,http", "--location", "--proto-redir", "=https,http", "--max-redirs", "10",
      "--connect-timeout", "30", "--speed-limit", "100", "--speed-time", "60",
    ] + (start > 0 ? ["--continue-at", String(start)] : [])
  }

  private func startAnew() throws(FileError) {
    _ = try OutputFile(opening: partial, flags: O_TRUNC | O_NOFOLLOW)
  }

  private func sync() throws(FileError) {
    var file = try OutputFile(opening: partial, flags: O_NOFOLLOW)
    try file.sync()
  }

  /// Removes what has another size or checksum: it cannot be gone on with.
  private func check() throws {
    do throws(DataError) {
      try archive.check(fileAt: partial, shownAs: url, environment: environment)
    } catch {
      // Where the check itself failed, the bytes may be the right ones.
      if [.wrongSize, .wrongChecksum].contains(error.code) { unlink(partial) }
      throw error
    }
    report(.checked(path: path, byteCount: archive.byteCount, md5: archive.md5))
  }
}

extension CIFAR.Archive {
  /// Refuses a file that is not this archive, byte for byte.
  func check(
    fileAt path: String, shownAs place: String? = nil, environment: [String: String]
  ) throws(DataError) {
    let fix =
      place == nil
      ? "remove or rename it, and give the command again"
      : "it was removed; give the command again, or another address with --from"
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system(path, errno, fix: fix) }
    let bytes = Int(status.st_size)
    guard bytes == byteCount else {
      let problem = "\(grouped(bytes)) bytes, but \(name) has \(grouped(byteCount))"
      throw DataError(.wrongSize, place ?? path, problem, fix: fix)
    }
    let sum = try Checksum.md5(of: path, environment: environment)
    guard sum == md5 else {
      let problem = "not the official \(name): its MD5 sum is \(sum), not \(md5)"
      throw DataError(.wrongChecksum, place ?? path, problem, fix: fix)
    }
  }
}
