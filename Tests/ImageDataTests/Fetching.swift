import Foundation
import ImageData
import TestSupport

/// A data set that is fetched from a server on this machine into a folder of its own.
struct Fetching {
  let archive: TinyArchive
  let server: LoopbackServer
  let folder: TemporaryFolder
  static let path = "/cifar-10-binary.tar.gz"

  init(_ answer: (TinyArchive) throws -> LoopbackServer.Answer) throws {
    archive = try TinyArchive()
    folder = try TemporaryFolder()
    server = LoopbackServer([
      Self.path: try answer(archive), "/moved": .redirect(Self.path),
      "/to-a-file": .redirect("file:///etc/passwd"),
    ])
  }

  /// Fetches it, and returns what was reported but the bytes that came in.
  @discardableResult
  func run(
    from path: String = Self.path,
    environment: [String: String] = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
  ) throws -> [CIFAR.FetchEvent] {
    let log = Log()
    _ = try archive.layout.fetch(
      into: folder.path, from: server.url(path), environment: environment, pause: 0.01,
      report: log.add)
    return log.events
  }

  /// Leaves what an interrupted download of `bytes` leaves.
  func interrupted(_ bytes: some Collection<UInt8>) throws {
    try Data(bytes).write(to: URL(filePath: folder.path + Self.path + ".partial"))
  }

  /// The error's text, with the server's address as URL and the folder as DIR.
  func fault(from path: String = Self.path, environment: [String: String]? = nil) -> String {
    message(folder) {
      _ =
        if let environment { try run(from: path, environment: environment) } else {
          try run(from: path)
        }
    }
    .replacingOccurrences(of: server.url(path), with: "URL")
  }

  private final class Log {
    var events: [CIFAR.FetchEvent] = []

    func add(_ event: CIFAR.FetchEvent) {
      if case .received = event { return }
      events.append(event)
    }
  }
}
