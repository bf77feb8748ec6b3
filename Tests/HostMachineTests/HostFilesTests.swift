import Foundation
import HostMachine
import Testing

@Suite("The files of the host")
struct HostFilesTests {
  // This process's mappings are some ten thousand bytes, and the last one is always this.
  @Test(
    "are read to their end, though the system gives them in parts",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/maps"), "there is no /proc"))
  func whole() throws {
    let text = try #require(HostFiles().text("/proc/self/maps"))
    #expect(text.utf8.count > 4096)
    #expect(text.split(separator: "\n").last?.contains("[") == true)
  }

  @Test("that are missing have no text")
  func missing() throws {
    #expect(HostFiles().text("/proc/self/no such file") == nil)
    #expect(try withHost(["/proc/a/b": "x"]) { $0.text("/proc/c") } == nil)
    #expect(try withHost(["/proc/a/b": "x"]) { $0.text("/proc/a/b") } == "x")
  }
}
