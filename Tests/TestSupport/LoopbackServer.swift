import Foundation

/// An HTTP server on this machine, for what is fetched in tests.
///
/// It answers one connection at a time and closes it; it knows what curl asks for, and no more.
package final class LoopbackServer: @unchecked Sendable {  // what changes is behind `lock`
  /// What the server does for one path.
  package enum Answer: Sendable {
    /// Sends bytes, or those that a Range header asks for.
    case bytes([UInt8])
    /// Sends bytes, and all of them whatever is asked for.
    case withoutRanges([UInt8])
    /// As `bytes`, but hangs up after so many; once, and then sends them all.
    case brokenOnce([UInt8], after: Int)
    case status(Int)
    case redirect(String)
  }

  package struct Request: Sendable, Equatable {
    package let path: String
    /// The Range header's value.
    package let range: String?

    package init(_ path: String, range: String? = nil) {
      self.path = path
      self.range = range
    }
  }

  private let listener: Int32
  private let port: UInt16
  private let lock = NSLock()
  private var answers: [String: Answer]
  private var seen: [Request] = []

  package var requests: [Request] { lock.withLock { seen } }

  package init(_ answers: [String: Answer]) {
    self.answers = answers
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 8) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    precondition(bound, "this machine has no loopback")
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread {
      while case let connection = accept(listener, nil, nil), connection >= 0 {
        self.serve(connection)
        close(connection)
      }
      close(listener)
    }.start()
  }

  package func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// Ends the server; its port refuses connections then.
  package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ connection: Int32) {
    guard let request = Self.request(from: connection) else { return }
    let answer = lock.withLock {
      seen.append(request)
      let answer = answers[request.path] ?? .status(404)
      if case .brokenOnce(let bytes, _) = answer { answers[request.path] = .bytes(bytes) }
      return answer
    }
    switch answer {
    case .bytes(let bytes): Self.send(bytes, request.range, connection)
    case .withoutRanges(let bytes): Self.send(bytes, nil, connection)
    case .brokenOnce(let bytes, let count): Self.send(bytes, nil, connection, stopAfter: count)
    case .status(let code): Self.write("HTTP/1.1 \(code) As asked\r\n\r\n".utf8, to: connection)
    case .redirect(let url):
      Self.write("HTTP/1.1 302 Found\r\nLocation: \(url)\r\n\r\n".utf8, to: connection)
    }
  }

  private static func request(from connection: Int32) -> Request? {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = read(connection, &buffer, buffer.count)
      guard count > 0 else { return nil }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let lines = text.components(separatedBy: "\r\n")
    let range = lines.first { $0.lowercased().hasPrefix("range: ") }?.dropFirst(7)
    return Request(lines[0].components(separatedBy: " ")[1], range: range.map(String.init))
  }

  /// - Parameter range: as curl gives it, `bytes=N-`.
  private static func send(
    _ bytes: [UInt8], _ range: String?, _ connection: Int32, stopAfter limit: Int = .max
  ) {
    let first = range.flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
    guard first < bytes.count else {
      write("HTTP/1.1 416 Range Not Satisfiable\r\n\r\n".utf8, to: connection)
      return
    }
    let content = bytes[first...]
    let status =
      range == nil
      ? "200 OK"
      : "206 Partial Content\r\nContent-Range: bytes \(first)-\(bytes.count - 1)/\(bytes.count)"
    write("HTTP/1.1 \(status)\r\nContent-Length: \(content.count)\r\n\r\n".utf8, to: connection)
    write(content.prefix(limit), to: connection)
  }

  private static func write(_ bytes: some Sequence<UInt8>, to connection: Int32) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }  // the other side has hung up
      rest = rest.dropFirst(count)
    }
  }
}
