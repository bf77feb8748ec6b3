#if MPI
import CMPI
import Glibc
import Synchronization

/// The MPI library, called by one thread at a time.
final class MPILibrary: Sendable {
  // MPI_THREAD_SERIALIZED: the heart beats on a thread of its own.
  private let turn = Mutex<Void>(())

  /// Calls a function of the library.
  ///
  /// - Parameter name: of the function, as MPI has it.
  /// - Throws: ``CommunicationError`` with code `broken` and the library's own words.
  func call(_ name: String, _ body: () -> Int32) throws(CommunicationError) {
    let status = turn.withLock { _ in body() }
    guard status == cmpi_success() else {
      throw CommunicationError(
        .broken, problem: "\(name) failed: \(Self.text(of: status))",
        fix: "look at the other ranks and the network between them; the same command goes on")
    }
  }

  /// Returns when all requests are done.
  ///
  /// It looks again and again, and gives the core to whoever else wants it; after a while it sleeps
  /// between. A few bytes come when the slowest rank does: that may be long. Many bytes come piece
  /// by piece, one each time that somebody looks (MPICH 4.0), so nobody sleeps over them.
  func wait(for requests: inout [cmpi_request], bytes: Int) throws(CommunicationError) {
    if requests.isEmpty { return }
    let start = ContinuousClock.now
    let patience: Duration = bytes > 4096 ? .seconds(1) : .milliseconds(2)
    var done: Int32 = 0
    while true {
      try call("MPI_Testall") { cmpi_test_all(&requests, Int32(requests.count), &done) }
      if done != 0 { return }
      if ContinuousClock.now - start > patience { usleep(100) } else { sched_yield() }
    }
  }

  private static func text(of status: Int32) -> String {
    var text = [CChar](repeating: 0, count: 1024)
    var length: Int32 = 0
    guard cmpi_error_text(status, &text, &length) == cmpi_success() else {
      return "error \(status)"
    }
    return String(decoding: text.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Name and version: `MPICH 4.0.2`, or the first line of what the library says.
  static var version: String {
    var text = [CChar](repeating: 0, count: 8192)
    var length: Int32 = 0
    guard cmpi_library_version(&text, &length) == cmpi_success() else { return "MPI" }
    let bytes = text.prefix(Int(length)).map(UInt8.init(bitPattern:))
    let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    let words = line.replacing(":", with: " ").split(whereSeparator: \.isWhitespace)
    // MPICH writes `MPICH Version:      4.0.2`, Open MPI `Open MPI v4.1.4, package: …`.
    return words.first == "MPICH" && words.count > 2
      ? "MPICH \(words[2])" : String(line.prefix { $0 != "," })
  }
}
#endif
