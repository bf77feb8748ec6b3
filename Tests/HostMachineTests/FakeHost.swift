import Foundation
import HostMachine

/// A machine made of files, as Linux would show them.
func withHost<Result>(
  _ contents: [String: String], _ body: (HostFiles) throws -> Result
) throws -> Result {
  let root = FileManager.default.temporaryDirectory.appending(path: "adabatch-\(UUID())")
  defer { try? FileManager.default.removeItem(at: root) }
  for (path, text) in contents {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: false, encoding: .utf8)
  }
  return try body(HostFiles(root: root.path))
}

/// `/proc/self/status` of a process that may use these CPUs.
func status(allowing list: String) -> [String: String] {
  ["/proc/self/status": "Name:\tadabatch\nCpus_allowed:\tffff\nCpus_allowed_list:\t\(list)\n"]
}
