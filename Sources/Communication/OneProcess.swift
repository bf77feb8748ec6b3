import Foundation

/// A process that is alone: the only rank of its job.
public final class OneProcess: Communicator {
  public let rank = 0
  public let hosts: [String]
  public let library: String? = nil
  public let traffic = Traffic()

  public init() { hosts = [hostName()] }

  public func exchange(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) { precondition(sends.isEmpty && receives.isEmpty, "there is no other rank") }

  public func gather(_ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>]) {}

  public func openBoard() -> NoteBoard { NoteBoard { _ in } }

  public func notice(_ watch: RankWatch) {}

  public func leave() {}

  public func abort(code: Int32) -> Never { exit(code) }
}

/// This host's name as the system has it.
func hostName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
  return name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
