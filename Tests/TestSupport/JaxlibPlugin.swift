import Foundation

/// What tests of accelerators share: files of Tests/XLA, and a Python that has jaxlib.
public enum XLAFiles {
  public static func file(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "XLA/\(name)")
  }

  /// The Python that has jaxlib; nil where none is named, as outside of `make test-xla`.
  public static let python = ProcessInfo.processInfo.environment["XLA_PYTHON"]

  /// NVIDIA's plugin beside its compilers; nil where none is named, as outside of `make test-xla`.
  public static let nvidiaPlugin = ProcessInfo.processInfo.environment["XLA_PLUGIN"]
}

/// The plugin whose devices are jaxlib's on the CPU, compiled when it is first asked for.
public enum JaxlibPlugin {
  public struct Failed: Error, CustomStringConvertible {
    public let description: String
  }

  /// The shared library's path; it is there as long as the process.
  public static var path: String { get throws { try built.get() } }

  private static let built: Result<String, any Error> = Result {
    let library = FileManager.default.temporaryDirectory.appending(
      path: "jaxlib-plugin-\(ProcessInfo.processInfo.processIdentifier).so"
    ).path
    let compiler = Process()
    let errors = Pipe()
    compiler.executableURL = URL(filePath: "/bin/sh")
    compiler.arguments = [
      "-c", "exec $(command -v clang || command -v cc) \"$@\"", "sh", "-shared", "-fPIC", "-O1",
      "-DSCRIPT=\"\(XLAFiles.file("serve-stablehlo").path)\"",
      XLAFiles.file("jaxlib-plugin.c").path,
      "-o", library, "-lpthread",
    ]
    compiler.standardError = errors
    try compiler.run()
    let said = try errors.fileHandleForReading.readToEnd() ?? Data()
    compiler.waitUntilExit()
    guard compiler.terminationStatus == 0 else {
      throw Failed(description: String(decoding: said, as: UTF8.self))
    }
    atexit { JaxlibPlugin.remove() }
    return library
  }

  private static func remove() {
    if let path = try? path { try? FileManager.default.removeItem(atPath: path) }
  }
}
